"""What the month's paid messages still allow."""

from __future__ import annotations

from datetime import date

import pytest

from core.calendar import WorkCalendar
from core.dates import parse_moment
from core.policy import Policy
from core.quota.rules import (
    Forecast,
    Reading,
    WorkedDays,
    forecast,
    month_end,
    routine_goes_by_mail,
    worked_days,
)

AT = parse_moment("2026-03-12 10:00")


def a_reading(allowed: int | None = 1000, used: int = 0, told: int = 0, planned: int = 0) -> Reading:
    return Reading(AT, allowed, used, told, planned)


@pytest.mark.parametrize(("used", "spared"), [(0, False), (900, False), (901, True), (1000, True), (1200, True)])
def test_routine_goes_by_mail_below_a_tenth(used: int, spared: bool) -> None:
    assert routine_goes_by_mail(a_reading(used=used), Policy()) is spared


@pytest.mark.parametrize(("percent", "used", "spared"), [(0, 1000, False), (25, 750, False), (25, 751, True)])
def test_the_reserve_is_policy(percent: int, used: int, *, spared: bool) -> None:
    assert routine_goes_by_mail(a_reading(used=used), Policy(quota_reserve_percent=percent)) is spared


def test_without_a_limit_or_a_reading_nothing_is_spared() -> None:
    assert not routine_goes_by_mail(a_reading(allowed=None, used=10**6), Policy())
    assert not routine_goes_by_mail(None, Policy())


@pytest.mark.parametrize(("allowed", "used", "left"), [(1000, 999, 1), (1000, 1001, 0), (None, 5, None)])
def test_what_is_left_is_never_less_than_nothing(allowed: int | None, used: int, left: int | None) -> None:
    assert a_reading(allowed, used).left == left


def test_forecast_adds_the_plans_and_what_came_otherwise_a_working_day() -> None:
    """Of 180 used in 9 days the plans said 90: ten a day came otherwise."""
    found = forecast(a_reading(used=180, told=90, planned=300), WorkedDays(gone=9, to_come=13))
    assert found == Forecast(used=180 + 300 + 130, left=390)


def test_forecast_counts_parts_of_a_message_a_day() -> None:
    assert forecast(a_reading(used=10), WorkedDays(gone=4, to_come=10)).used == 35


def test_forecast_may_fall_short() -> None:
    assert forecast(a_reading(allowed=100, used=90, told=90, planned=40), WorkedDays(9, 13)) == Forecast(130, -30)


def test_forecast_on_a_month_without_working_days_gone() -> None:
    assert forecast(a_reading(used=4), WorkedDays(0, 20)) == Forecast(84, 916)
    assert forecast(a_reading(None, used=4), WorkedDays(1, 0)) == Forecast(4, None)


def test_what_the_plans_said_beyond_what_line_counted_is_nothing_less() -> None:
    assert forecast(a_reading(used=4, told=9), WorkedDays(1, 20)).used == 4


@pytest.mark.parametrize(
    ("today", "days"),
    [
        (date(2026, 3, 1), WorkedDays(0, 22)),  # a Sunday
        (date(2026, 3, 2), WorkedDays(1, 21)),
        (date(2026, 3, 31), WorkedDays(22, 0)),
        (date(2026, 4, 1), WorkedDays(1, 19)),  # worked itself
        (date(2026, 4, 2), WorkedDays(2, 18)),
    ],
)
def test_working_days_of_a_month(today: date, days: WorkedDays) -> None:
    assert worked_days(today, WorkCalendar()) == days


@pytest.mark.parametrize(
    ("day", "last"), [(date(2026, 2, 28), date(2026, 2, 28)), (date(2026, 12, 1), date(2026, 12, 31))]
)
def test_month_ends_with_its_last_day(day: date, last: date) -> None:
    assert month_end(day) == last
