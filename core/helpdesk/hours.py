"""Working time: the helpdesk's hours on working days, and counting in them (HELP-1, HELP-6). Pure.

Time outside the hours does not exist here: what comes at night begins at the next opening.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from core.calendar import WorkCalendar
from core.clock import taipei_date, taipei_moment

OPENS = time(8, 30)  # HELP-1
CLOSES = time(17, 30)
WORKING_DAY = timedelta(hours=9)  # from opening to closing
ONE_HOUR, ONE_DAY = timedelta(hours=1), timedelta(days=1)


def is_open(now: datetime, calendar: WorkCalendar) -> bool:
    """Return whether somebody is there: 08:30 itself is open, 17:30 is not (HELP-1)."""
    day = taipei_date(now)
    return calendar.is_working_day(day) and taipei_moment(day, OPENS) <= now < taipei_moment(day, CLOSES)


def opens_next(now: datetime, calendar: WorkCalendar) -> datetime:
    """Return the moment from which somebody is there: now, while the helpdesk is open."""
    return now if is_open(now, calendar) else next(_spans(now, calendar))[0]


@dataclass(frozen=True)
class Closed:
    """Why nobody is there now, and from when on somebody is."""

    reason: str | None
    """Why the whole day is off, in Chinese for people (國慶日, 週六, 颱風停班); None: before or after the hours."""
    opens_at: datetime


def closed(now: datetime, calendar: WorkCalendar) -> Closed | None:
    """Return why nobody is there (HELP-1), or None while somebody is."""
    if is_open(now, calendar):
        return None
    return Closed(calendar.why_not(taipei_date(now)), opens_next(now, calendar))


def same_closing(one: datetime, other: datetime, calendar: WorkCalendar) -> bool:
    """Return whether two moments lie outside the hours with no opening between them."""
    if is_open(one, calendar) or is_open(other, calendar):
        return False
    return opens_next(one, calendar) == opens_next(other, calendar)


def after_working(start: datetime, span: timedelta, calendar: WorkCalendar) -> datetime:
    """Return the moment at which so much working time has passed since ``start`` (HELP-6).

    Four hours from Friday 18:00 end on Monday 12:30. What ends with a day ends at its closing, not at the next opening.
    """
    left = span
    for opens, closes in _spans(start, calendar):
        if left <= closes - opens:
            return opens + left
        left -= closes - opens
    raise AssertionError("working days never end")


def before_working(end: datetime, span: timedelta, calendar: WorkCalendar) -> datetime:
    """Return the moment after which so much working time is left until ``end``."""
    left, day = span, taipei_date(end)
    while True:
        opens, closes = taipei_moment(day, OPENS), min(taipei_moment(day, CLOSES), end)
        if calendar.is_working_day(day) and opens < closes:
            if left <= closes - opens:
                return closes - left
            left -= closes - opens
        day -= ONE_DAY


def working_between(start: datetime, end: datetime, calendar: WorkCalendar) -> timedelta:
    """Return how much working time lies between two moments; none where ``end`` is not after ``start``."""
    total = timedelta()
    for opens, closes in _spans(start, calendar):
        if opens >= end:
            break
        total += min(closes, end) - opens
    return total


def _spans(start: datetime, calendar: WorkCalendar) -> Iterator[tuple[datetime, datetime]]:
    """Yield the open spans after a moment, the first cut to begin there."""
    day: date = taipei_date(start)
    while True:
        opens, closes = taipei_moment(day, OPENS), taipei_moment(day, CLOSES)
        if calendar.is_working_day(day) and start < closes:
            yield max(opens, start), closes
        day += ONE_DAY
