"""Working days in Taiwan, and months counted as the rule book counts them.

The base is the government's office calendar as the ``holidays`` package knows it, make-up workdays included. What
was decided later (a typhoon day, a moved holiday) comes in as amendments and wins. Nothing here reads the clock, the
database or a typed date: amendments are loaded by ``core/amendments.py``, dates are read by ``core/dates.py``.
"""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from functools import lru_cache
from types import MappingProxyType

from holidays import country_holidays

from core.dates import roc

ONE_DAY = timedelta(days=1)
WEEKEND_NAMES = {5: "週六", 6: "週日"}
MONTHS_A_YEAR = 12

_ISO_DATE = re.compile(r"\d{4}-\d{2}-\d{2}")


@dataclass(frozen=True)
class Amendment:
    """A day that was decided to be otherwise than the calendar has it; ``reason`` is Chinese and shown to people."""

    day: date
    is_working: bool
    reason: str


@dataclass(frozen=True)
class WorkCalendar:
    """Which days are worked: the office calendar with its amendments, by day.

    From 1998 on holidays are known, make-up workdays as far as the government has published them; before 1998 only
    weekends are days off.
    """

    amendments: Mapping[date, Amendment] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Keep an own copy, so that a calendar in use never changes."""
        if any(day != amendment.day for day, amendment in self.amendments.items()):
            raise ValueError("an amendment stands under another day than its own")
        object.__setattr__(self, "amendments", MappingProxyType(dict(self.amendments)))

    def is_working_day(self, day: date) -> bool:
        """Return whether offices work on this day (HELP-1)."""
        return self.why_not(day) is None

    def why_not(self, day: date) -> str | None:
        """Return why the day is off (a holiday's Chinese name, 週六, an amendment's reason), or None if it is worked.

        Raises TypeError for an instant: it has no day until somebody says whose.
        """
        if isinstance(day, datetime):
            raise TypeError("a day is wanted, not an instant: core.clock.taipei_date(now)")
        amendment = self.amendments.get(day)
        if amendment is not None:
            return None if amendment.is_working else amendment.reason
        return _days_off(day.year).get(day)

    def next_working_day(self, day: date) -> date:
        """Return the first working day on or after this day."""
        while not self.is_working_day(day):
            day += ONE_DAY
        return day

    def add_working_days(self, day: date, n: int) -> date:
        """Return the n-th working day after this day, or before it where n is negative; 0 leaves the day as it is."""
        step = ONE_DAY if n > 0 else -ONE_DAY
        left = abs(n)
        while left:
            day += step
            left -= self.is_working_day(day)
        return day

    def working_days_between(self, a: date, b: date) -> int:
        """Return how many working days come after ``a`` up to and with ``b``; 0 where ``b`` is not after ``a``."""
        span = range(1, (b - a).days + 1)
        return sum(self.is_working_day(a + timedelta(days=each)) for each in span)


def add_months(day: date, n: int) -> date:
    """Return the same day of the month n months on; where it does not exist, the month's last day (CLOSE-2, REF-7).

    2023-08-31 and six months is 2024-02-29. A negative n counts back.
    """
    years, month = divmod(day.month - 1 + n, MONTHS_A_YEAR)
    year, month = day.year + years, month + 1
    return date(year, month, min(day.day, monthrange(year, month)[1]))


@lru_cache(maxsize=256)
def _days_off(year: int) -> Mapping[date, str]:
    """Return a year's days off and why: computed once, since every question of a working day comes here."""
    known = country_holidays("TW", years=year, language="zh_TW")
    days = (date.fromordinal(each) for each in range(date(year, 1, 1).toordinal(), date(year, 12, 31).toordinal() + 1))
    return {day: _reason(known.get(day), day) for day in days if not known.is_working_day(day)}


def _reason(holiday: str | None, day: date) -> str:
    """Return why a day is off, in words for people: the package writes ISO dates and parts two names by "; "."""
    if holiday is None:
        return WEEKEND_NAMES[day.weekday()]
    return _ISO_DATE.sub(lambda found: roc(date.fromisoformat(found[0])), holiday).replace("; ", "、")
