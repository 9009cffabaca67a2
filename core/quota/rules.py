"""What the month's paid messages still allow: pure, from one reading, the plans and the policy."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from core.calendar import WorkCalendar, add_months
from core.policy import Policy

PERCENT = 100


@dataclass(frozen=True)
class Reading:
    """What LINE said of the month, and what the plans had to say then: numbers of paid messages."""

    read_at: datetime
    allowed: int | None
    """A month; None: there is no limit."""
    used: int
    """Of this month, by whatever cause."""
    told: int
    """Of these, what the reminder plans said."""
    planned: int
    """What the reminder plans would still say until the month's end."""

    @property
    def left(self) -> int | None:
        """How many are left; None: there is no limit."""
        return None if self.allowed is None else max(0, self.allowed - self.used)


@dataclass(frozen=True)
class WorkedDays:
    """The working days of a month: gone by, with today, and still to come."""

    gone: int
    to_come: int


@dataclass(frozen=True)
class Forecast:
    """How the month would end: paid messages used by its end, and left (None: there is no limit; negative: short)."""

    used: int
    left: int | None


def routine_goes_by_mail(reading: Reading | None, policy: Policy) -> bool:
    """Return whether what is routine is kept off LINE: less is left than the reserve for codes and urgent ones.

    Without a reading of this month, or without a limit, nothing is spared.
    """
    if reading is None or reading.allowed is None or reading.left is None:
        return False
    return reading.left * PERCENT < reading.allowed * policy.quota_reserve_percent


def is_spent(spent_at: datetime | None, reading: Reading | None) -> bool:
    """Return whether LINE has refused a push for the month's limit since the quota was read."""
    return spent_at is not None and (reading is None or spent_at > reading.read_at)


def forecast(reading: Reading, days: WorkedDays) -> Forecast:
    """Return how the month would end: what the plans will say, and for the rest as many a working day as until now."""
    others_a_day = max(0, reading.used - reading.told) / max(1, days.gone)
    used = reading.used + reading.planned + round(others_a_day * days.to_come)
    return Forecast(used, None if reading.allowed is None else reading.allowed - used)


def worked_days(today: date, calendar: WorkCalendar) -> WorkedDays:
    """Return the working days of today's month."""
    first = today.replace(day=1)
    gone = calendar.is_working_day(first) + calendar.working_days_between(first, today)
    return WorkedDays(gone, calendar.working_days_between(today, month_end(today)))


def month_end(today: date) -> date:
    """Return the last day of a day's month."""
    return date.fromordinal(add_months(today.replace(day=1), 1).toordinal() - 1)
