"""A43: working days against the government's office calendars, written out here by hand, for every day of 16 years.

2020 to 2026 is a table of what the yearly office calendars announced; from 2027 on the law of 2025 is applied to lunar
and solar dates written out from the almanac. Neither asks the package that the calendar stands on.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.calendar import Amendment, WorkCalendar, _days_off, add_months
from core.clock import TICK, end_of_day, start_of_day, taipei_date
from core.dates import parse_moment, roc, roc_moment

PLAIN = WorkCalendar()
ONE_DAY = timedelta(days=1)
SAT = 5

# Weekdays off, month by month, as announced for each year: "month:days".
ANNOUNCED = {
    2020: "1:1,23,24,27,28,29 2:28 4:2,3 6:25,26 10:1,2,9",
    2021: "1:1 2:10,11,12,15,16 3:1 4:2,5 6:14 9:20,21 10:11 12:31",
    2022: "1:31 2:1,2,3,4,28 4:4,5 6:3 9:9 10:10",
    2023: "1:2,20,23,24,25,26,27 2:27,28 4:3,4,5 6:22,23 9:29 10:9,10",
    2024: "1:1 2:8,9,12,13,14,28 4:4,5 6:10 9:17 10:10",
    2025: "1:1,27,28,29,30,31 2:28 4:3,4 5:30 9:29 10:6,10,24 12:25",
    2026: "1:1 2:16,17,18,19,20,27 4:3,6 5:1 6:19 9:25,28 10:9,26 12:25",
}
MAKE_UP_SATURDAYS = {
    date(2020, 2, 15),
    date(2020, 6, 20),
    date(2020, 9, 26),
    date(2021, 2, 20),
    date(2021, 9, 11),
    date(2022, 1, 22),
    date(2023, 1, 7),
    date(2023, 2, 4),
    date(2023, 2, 18),
    date(2023, 3, 25),
    date(2023, 6, 17),
    date(2023, 9, 23),
    date(2024, 2, 17),
    date(2025, 2, 8),
}
# Days off in the whole year, weekends and all, as the same announcements sum them up.
DAYS_OFF = {2020: 115, 2021: 116, 2022: 115, 2023: 116, 2024: 115, 2025: 118, 2026: 120}

# From the almanac: lunar New Year's Day, tomb sweeping (Qingming), Dragon Boat, Mid-Autumn; "month-day".
ALMANAC = {
    2026: "02-17 04-05 06-19 09-25",
    2027: "02-06 04-05 06-09 09-15",
    2028: "01-26 04-04 05-28 10-03",
    2029: "02-13 04-04 06-16 09-22",
    2030: "02-03 04-05 06-05 09-12",
    2031: "01-23 04-05 06-24 10-01",
    2032: "02-11 04-04 06-12 09-19",
    2033: "01-31 04-04 06-01 09-08",
    2034: "02-19 04-05 06-20 09-27",
    2035: "02-08 04-05 06-10 09-16",
}


def days_of(year: int) -> Iterator[date]:
    day = date(year, 1, 1)
    while day.year == year:
        yield day
        day += ONE_DAY


def announced_off(year: int) -> set[date]:
    months = (each.split(":") for each in ANNOUNCED[year].split())
    return {date(year, int(month), int(day)) for month, days in months for day in days.split(",")}


def lawful_off(year: int) -> set[date]:
    """Weekdays off by the law of 2025: Saturday's holiday is taken the day before, Sunday's the day after.

    The New Year holiday is five days from the eve's eve, and moves its weekend days to its end. Children's day and
    tomb sweeping take two days together, whatever weekday they meet.
    """
    new_year, tomb, boat, moon = (date.fromisoformat(f"{year}-{each}") for each in ALMANAC[year].split())
    off = {date(year, 4, 4)}  # children's day comes first: tomb sweeping gives way to it
    spring = [new_year + timedelta(days=each) for each in range(-2, 3)]
    off.update(spring)
    for each in spring:
        if each.weekday() >= SAT:
            off.add(next_free(each, off, +1))
    fixed = [date(year, *each) for each in ((1, 1), (2, 28), (5, 1), (9, 28), (10, 10), (10, 25), (12, 25))]
    for day in (*fixed, tomb, boat, moon, date(year + 1, 1, 1)):
        off.update(taken(day, off))
    off.update(childrens_day(date(year, 4, 4), tomb, off))
    return {day for day in off if day.year == year and day.weekday() < SAT}


def next_free(day: date, off: set[date], step: int) -> date:
    while day.weekday() >= SAT or day in off:
        day += step * ONE_DAY
    return day


def taken(day: date, off: set[date]) -> set[date]:
    if day.weekday() < SAT:
        return {day}
    return {day, next_free(day, off, -1 if day.weekday() == SAT else +1)}


def childrens_day(day: date, tomb: date, off: set[date]) -> set[date]:
    if day != tomb:
        return taken(day, off | {tomb})
    is_after = day.weekday() in {0, 3}  # on a Monday the day before is no weekday; on a Thursday the law says after
    return {next_free(day, off | {day}, +1 if is_after else -1)}


def differences(year: int, off: set[date]) -> list[date]:
    """Return the days on which the calendar and the oracle disagree."""
    expected = {day: (day.weekday() < SAT and day not in off) or day in MAKE_UP_SATURDAYS for day in days_of(year)}
    return [day for day, is_working in expected.items() if PLAIN.is_working_day(day) != is_working]


@pytest.mark.parametrize("year", ANNOUNCED)
def test_a43_every_day_is_as_the_government_announced_it(year: int) -> None:
    assert differences(year, announced_off(year)) == []


@pytest.mark.parametrize("year", DAYS_OFF)
def test_the_days_off_add_up_to_the_announced_sum(year: int) -> None:
    assert sum(not PLAIN.is_working_day(day) for day in days_of(year)) == DAYS_OFF[year]


@pytest.mark.parametrize("year", ALMANAC)
def test_every_day_of_the_coming_years_is_as_the_law_has_it(year: int) -> None:
    assert differences(year, lawful_off(year)) == []


def test_a_make_up_workday_is_found_in_the_year_before_its_holiday() -> None:
    assert PLAIN.is_working_day(date(2014, 12, 27))
    assert not PLAIN.is_working_day(date(2015, 1, 2))


@pytest.mark.parametrize(
    ("day", "why"),
    [
        (date(2026, 11, 20), None),
        (date(2026, 11, 21), "週六"),
        (date(2026, 11, 22), "週日"),
        (date(2026, 10, 10), "國慶日"),
        (date(2026, 10, 9), "國慶日（補假）"),
        (date(2026, 2, 17), "春節"),
        (date(2025, 4, 4), "兒童節、民族掃墓節"),
        (date(2023, 1, 20), "放假日（112/01/07 補班）"),
        (date(2023, 1, 7), None),
        (date(1997, 10, 10), None),
        (date(2100, 12, 31), "中華民國開國紀念日（補假）"),
        (date(2101, 1, 1), "週六"),
    ],
)
def test_a_day_off_says_why(day: date, why: str | None) -> None:
    assert PLAIN.why_not(day) == why
    assert PLAIN.is_working_day(day) == (why is None)


def test_an_amendment_wins_over_the_calendar_both_ways() -> None:
    typhoon = Amendment(date(2026, 9, 29), is_working=False, reason="颱風停止上班")
    saturday = Amendment(date(2026, 10, 3), is_working=True, reason="補行上班")
    amended = WorkCalendar({each.day: each for each in (typhoon, saturday)})
    assert (PLAIN.why_not(typhoon.day), amended.why_not(typhoon.day)) == (None, "颱風停止上班")
    assert (PLAIN.why_not(saturday.day), amended.why_not(saturday.day)) == ("週六", None)
    assert amended.next_working_day(date(2026, 9, 28)) == date(2026, 9, 30)
    assert amended.add_working_days(date(2026, 9, 30), 3) == saturday.day


def test_a_calendar_in_use_does_not_change() -> None:
    day = date(2026, 9, 29)
    amendments = {day: Amendment(day, is_working=False, reason="颱風停止上班")}
    amended = WorkCalendar(amendments)
    amendments.clear()
    assert not amended.is_working_day(day)


@pytest.mark.parametrize("day", [date(2026, 9, 28), date(2026, 9, 30)])
def test_an_amendment_under_another_day_is_refused(day: date) -> None:
    with pytest.raises(ValueError, match="another day"):
        WorkCalendar({day: Amendment(date(2026, 9, 29), is_working=False, reason="颱風停止上班")})


def test_an_instant_is_no_day() -> None:
    with pytest.raises(TypeError, match="taipei_date"):
        PLAIN.is_working_day(datetime(2026, 10, 9, 17, 0, tzinfo=UTC))


@pytest.mark.parametrize(
    ("day", "following"),
    [
        (date(2026, 2, 13), date(2026, 2, 13)),
        (date(2026, 2, 14), date(2026, 2, 23)),
        (date(2026, 2, 22), date(2026, 2, 23)),
        (date(2025, 2, 8), date(2025, 2, 8)),
        (date(2027, 12, 31), date(2028, 1, 3)),
        (date(2100, 12, 31), date(2101, 1, 3)),
    ],
)
def test_the_next_working_day_is_on_or_after(day: date, following: date) -> None:
    assert PLAIN.next_working_day(day) == following


@pytest.mark.parametrize(
    ("day", "n", "reached"),
    [
        (date(2026, 11, 20), 0, date(2026, 11, 20)),
        (date(2026, 11, 21), 0, date(2026, 11, 21)),
        (date(2026, 11, 20), 1, date(2026, 11, 23)),
        (date(2026, 11, 21), 1, date(2026, 11, 23)),
        (date(2026, 11, 20), 3, date(2026, 11, 25)),
        (date(2026, 2, 13), 1, date(2026, 2, 23)),
        (date(2026, 2, 13), 3, date(2026, 2, 25)),
        (date(2025, 2, 7), 1, date(2025, 2, 8)),
        (date(2026, 11, 23), -1, date(2026, 11, 20)),
        (date(2026, 2, 22), -1, date(2026, 2, 13)),
    ],
)
def test_working_days_are_counted_from_the_day_after(day: date, n: int, reached: date) -> None:
    assert PLAIN.add_working_days(day, n) == reached


@pytest.mark.parametrize(
    ("a", "b", "days"),
    [
        (date(2026, 11, 20), date(2026, 11, 20), 0),
        (date(2026, 11, 20), date(2026, 11, 22), 0),
        (date(2026, 11, 20), date(2026, 11, 23), 1),
        (date(2026, 11, 23), date(2026, 11, 20), 0),
        (date(2026, 2, 13), date(2026, 2, 24), 2),
        (date(2024, 12, 31), date(2025, 12, 31), 365 - DAYS_OFF[2025]),
    ],
)
def test_working_days_between_are_those_after_the_first_day(a: date, b: date, days: int) -> None:
    assert PLAIN.working_days_between(a, b) == days


@given(st.dates(date(2015, 1, 1), date(2040, 12, 31)), st.integers(1, 60))
def test_counting_forth_and_between_agree(day: date, n: int) -> None:
    reached = PLAIN.add_working_days(day, n)
    assert PLAIN.is_working_day(reached)
    assert PLAIN.working_days_between(day, reached) == n
    assert PLAIN.add_working_days(reached, -n) < PLAIN.next_working_day(day + ONE_DAY)


@pytest.mark.parametrize(
    ("day", "n", "reached"),
    [
        (date(2023, 8, 31), 6, date(2024, 2, 29)),
        (date(2022, 8, 31), 6, date(2023, 2, 28)),
        (date(2023, 8, 30), 6, date(2024, 2, 29)),
        (date(2023, 8, 29), 6, date(2024, 2, 29)),
        (date(2023, 8, 28), 6, date(2024, 2, 28)),
        (date(2023, 9, 26), 3, date(2023, 12, 26)),
        (date(2023, 10, 17), 3, date(2024, 1, 17)),
        (date(2023, 11, 30), 3, date(2024, 2, 29)),
        (date(2024, 2, 29), 12, date(2025, 2, 28)),
        (date(2024, 12, 31), 1, date(2025, 1, 31)),
        (date(2024, 11, 30), 1, date(2024, 12, 30)),
        (date(2024, 11, 30), 13, date(2025, 12, 30)),
        (date(2024, 5, 31), 0, date(2024, 5, 31)),
        (date(2024, 3, 31), -1, date(2024, 2, 29)),
        (date(2024, 1, 15), -1, date(2023, 12, 15)),
    ],
)
def test_months_keep_the_day_or_end_with_the_month(day: date, n: int, reached: date) -> None:
    assert add_months(day, n) == reached


@pytest.mark.parametrize("n", [1, 3, 6, 12])
def test_months_are_right_for_every_day_of_the_years(n: int) -> None:
    """The oracle steps from first to first of a month, 31 days at a time, and never past that month's end."""
    for day in (each for year in range(2020, 2036) for each in days_of(year)):
        first = day.replace(day=1)
        for _ in range(n):
            first = (first + timedelta(days=31)).replace(day=1)
        last = (first + timedelta(days=31)).replace(day=1) - ONE_DAY
        assert add_months(day, n) == min(first + timedelta(days=day.day - 1), last)


def test_a43_midnight_in_taipei_is_sixteen_hours_utc_the_day_before_on_every_day() -> None:
    days = [each for year in range(2020, 2036) for each in days_of(year)]
    for day, following in pairwise(days):
        midnight = datetime(day.year, day.month, day.day, tzinfo=UTC) - timedelta(hours=8)
        assert start_of_day(day) == midnight == parse_moment(f"{roc(day)} 00:00")
        assert roc_moment(midnight) == f"{roc(day)} 00:00"
        assert (taipei_date(midnight - TICK), taipei_date(midnight)) == (day - ONE_DAY, day)
        assert end_of_day(day) + TICK == start_of_day(following)
        assert roc_moment(end_of_day(day)) == f"{roc(day)} 23:59"


def test_a_year_is_worked_out_once_however_often_it_is_asked() -> None:
    _days_off.cache_clear()
    for day in [*days_of(2026), *days_of(2026)]:
        PLAIN.is_working_day(day)
    assert _days_off.cache_info().misses == 1
