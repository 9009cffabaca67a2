"""Moving the platform's clock: only a clock that was made to be moved can be, and never the machine's."""

from __future__ import annotations

from datetime import datetime, timedelta

from core.clock import TAIPEI, Clock, FixedClock, ShiftedClock


class ClockStandsError(Exception):
    """This clock is the machine's own and is not moved."""


def move_clock(clock: Clock, moment: datetime) -> None:
    """Let the clock show ``moment`` now; raises ``ClockStandsError`` for a clock that cannot be moved."""
    if isinstance(clock, ShiftedClock):
        clock.set_to(moment)
    elif isinstance(clock, FixedClock):
        clock.at = moment
    else:
        raise ClockStandsError("this clock cannot be moved")


def next_half_past_eight(now: datetime) -> datetime:
    """Return the next 08:30 in Taipei after ``now``: when the daily digest is due."""
    local = now.astimezone(TAIPEI)
    today = local.replace(hour=8, minute=30, second=0, microsecond=0)
    return today if today > local else today + timedelta(days=1)
