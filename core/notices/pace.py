"""How fast requests may leave, reckoned over all workers, and when a channel that refused us is tried again. Pure.

All workers book their requests one behind another on one line of time (``free_at``): the sum over them stays under
LINE's limit whatever their number, with no share to divide and nobody to divide it. A worker alone has it all.
A channel that says we are too fast halves the rate; it doubles with every minute after that.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from math import floor

BURST = timedelta(seconds=0.1)  # how far ahead of the line one may book
MULTICAST_COST = 10  # LINE takes 2,000 pushes a second, but 200 requests to many
REST = timedelta(seconds=1)  # after being told to slow down
DOUBLES = timedelta(minutes=1)
SLOWEST = 1
STEPPED_BACK = timedelta(seconds=60)  # nobody books so far ahead: the clock was set back


@dataclass(frozen=True)
class Pace:
    """Where the line of time stands; ``rate`` is requests a second from ``slowed_at``."""

    free_at: datetime | None = None
    slowed_at: datetime | None = None
    rate: int | None = None


@dataclass(frozen=True)
class Grant:
    """How much may leave now, and the line after it; ``wait`` in seconds where nothing may."""

    cost: int
    free_at: datetime
    wait: float = 0.0


def speed(pace: Pace, at: datetime, full: int) -> float:
    """Return how many requests a second may leave now."""
    if pace.slowed_at is None or pace.rate is None:
        return full
    doublings = max((at - pace.slowed_at) / DOUBLES, 0.0)
    return min(float(full), pace.rate * 2 ** min(doublings, 16.0))


def grant(pace: Pace, wanted: int, at: datetime, full: int) -> Grant:
    """Return how much of what is wanted may leave now; when the line is free, always something."""
    begin = at if pace.free_at is None or pace.free_at - at > STEPPED_BACK else max(pace.free_at, at)
    a_second = speed(pace, at, full)
    room = floor((at + BURST - begin).total_seconds() * a_second)
    if begin <= at:
        room = max(room, 1)
    cost = max(min(wanted, room), 0)
    if not cost:
        return Grant(0, begin, max((begin - at).total_seconds(), 1 / a_second))
    return Grant(cost, begin + timedelta(seconds=cost / a_second))


def slowed(pace: Pace, at: datetime, full: int) -> Pace:
    """Return the pace after the channel said that we are too fast; told again within the rest, it halves once."""
    if pace.slowed_at is not None and timedelta() <= at - pace.slowed_at < REST:
        return pace
    rate = max(int(speed(pace, at, full) / 2), SLOWEST)
    return Pace(at + REST, at, rate)
