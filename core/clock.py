"""The one place that reads time.

Everything else takes ``now`` (an aware instant in UTC) or ``today`` (a date in Taipei) as a parameter, so that
tests, catching up after an outage and the demo's movable clock all run the same code.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from typing import Protocol
from zoneinfo import ZoneInfo

TAIPEI = ZoneInfo("Asia/Taipei")
TICK = timedelta(microseconds=1)  # the finest step both databases store


class Clock(Protocol):
    """Something that knows the present moment."""

    def now(self) -> datetime:
        """Return the present as an aware UTC instant."""


class SystemClock:
    """The machine's clock."""

    def now(self) -> datetime:
        """Return the present as an aware UTC instant."""
        return datetime.now(UTC)


@dataclass
class FixedClock:
    """A clock that stands until it is moved: for tests and for ``tick --now``."""

    at: datetime

    def now(self) -> datetime:
        """Return the moment the clock stands at."""
        return self.at.astimezone(UTC)

    def move(self, by: timedelta) -> None:
        """Move the clock by a span, back or forth."""
        self.at += by


@dataclass(frozen=True)
class ShiftedClock:
    """The machine's clock, shifted by the seconds written in a file: several processes of the demo share it.

    A missing or empty file means no shift. Development only.
    """

    path: Path

    def now(self) -> datetime:
        """Return the machine's present plus the shift."""
        return datetime.now(UTC) + self.shift()

    def shift(self) -> timedelta:
        """Return how far the clock is moved."""
        try:
            return timedelta(seconds=float(self.path.read_text() or 0))
        except FileNotFoundError:
            return timedelta()

    def set_to(self, moment: datetime) -> None:
        """Move the clock so that it shows ``moment`` now."""
        seconds = (moment - datetime.now(UTC)).total_seconds()
        scratch = self.path.with_suffix(".new")
        scratch.write_text(f"{seconds:.3f}")
        scratch.replace(self.path)


def taipei_date(now: datetime) -> date:
    """Return the calendar day in Taipei at an instant."""
    return now.astimezone(TAIPEI).date()


def taipei_moment(day: date, at: time) -> datetime:
    """Return the UTC instant of a wall-clock time in Taipei."""
    return datetime.combine(day, at, tzinfo=TAIPEI).astimezone(UTC)


def start_of_day(day: date) -> datetime:
    """Return the first instant of a day in Taipei, as UTC."""
    return taipei_moment(day, time())


def end_of_day(day: date) -> datetime:
    """Return the last instant of a day in Taipei, as UTC: a date due is due then, and late one tick later."""
    return start_of_day(day + timedelta(days=1)) - TICK
