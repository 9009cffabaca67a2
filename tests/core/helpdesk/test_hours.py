"""Working time: 08:30 to 17:30 on working days (HELP-1, HELP-6)."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.calendar import Amendment, WorkCalendar
from core.clock import TAIPEI, TICK
from core.helpdesk.hours import after_working, before_working, closed, is_open, opens_next, working_between

CALENDAR = WorkCalendar()
TYPHOON = WorkCalendar({date(2026, 11, 23): Amendment(date(2026, 11, 23), is_working=False, reason="颱風停班")})
MOMENTS = st.datetimes(datetime(2024, 1, 1), datetime(2027, 12, 31), timezones=st.just(TAIPEI))  # noqa: DTZ001
SPANS = st.timedeltas(timedelta(), timedelta(hours=60))


def at(text: str) -> datetime:
    return datetime.fromisoformat(f"{text}+08:00").astimezone(UTC)


@pytest.mark.parametrize(
    ("moment", "expected"),
    [
        ("2026-11-20T08:29:59", False),
        ("2026-11-20T08:30", True),
        ("2026-11-20T17:29:59", True),
        ("2026-11-20T17:30", False),
        ("2026-11-21T10:00", False),
    ],
)
def test_the_helpdesk_is_open_from_half_past_eight_to_half_past_five_on_working_days(
    moment: str, expected: bool
) -> None:
    assert is_open(at(moment), CALENDAR) is expected


@pytest.mark.parametrize(
    ("moment", "expected"),
    [
        ("2026-11-20T17:29", "2026-11-20T17:29"),
        ("2026-11-20T17:30", "2026-11-23T08:30"),
        ("2026-11-20T06:00", "2026-11-20T08:30"),
        ("2026-11-22T23:59", "2026-11-23T08:30"),
    ],
)
def test_outside_the_hours_it_opens_with_the_next_working_day(moment: str, expected: str) -> None:
    assert opens_next(at(moment), CALENDAR) == at(expected)


@pytest.mark.parametrize(
    ("start", "hours", "expected"),
    [
        ("2026-11-20T18:00", 4, "2026-11-23T12:30"),
        ("2026-11-20T13:30", 4, "2026-11-20T17:30"),
        ("2026-11-20T13:31", 4, "2026-11-23T08:31"),
        ("2026-11-20T07:00", 4, "2026-11-20T12:30"),
        ("2026-11-20T18:00", 27, "2026-11-25T17:30"),
        ("2026-11-20T16:30", 27, "2026-11-25T16:30"),
        ("2026-11-20T10:00", 0, "2026-11-20T10:00"),
    ],
)
def test_only_time_in_which_somebody_is_there_counts(start: str, hours: int, expected: str) -> None:
    assert after_working(at(start), timedelta(hours=hours), CALENDAR) == at(expected)


def test_a_typhoon_day_does_not_count() -> None:
    assert after_working(at("2026-11-20T18:00"), timedelta(hours=4), TYPHOON) == at("2026-11-24T12:30")


@pytest.mark.parametrize(
    ("end", "hours", "expected"),
    [
        ("2026-11-23T12:30", 1, "2026-11-23T11:30"),
        ("2026-11-23T12:30", 4, "2026-11-23T08:30"),
        ("2026-11-23T12:30", 5, "2026-11-20T16:30"),
        ("2026-11-22T12:00", 1, "2026-11-20T16:30"),
        ("2026-11-23T08:30", 0, "2026-11-20T17:30"),
    ],
)
def test_counting_back_skips_the_same_time(end: str, hours: int, expected: str) -> None:
    assert before_working(at(end), timedelta(hours=hours), CALENDAR) == at(expected)


@given(start=MOMENTS, span=SPANS)
def test_as_much_working_time_lies_between_as_was_added(start: datetime, span: timedelta) -> None:
    end = after_working(start, span, CALENDAR)
    assert working_between(start, end, CALENDAR) == span
    assert span == timedelta() or working_between(start, end - TICK, CALENDAR) < span


@given(end=MOMENTS, span=SPANS.filter(bool))
def test_counting_back_and_forth_agree(end: datetime, span: timedelta) -> None:
    assert working_between(before_working(end, span, CALENDAR), end, CALENDAR) == span


@given(start=MOMENTS, first=SPANS, second=SPANS)
def test_time_adds_up(start: datetime, first: timedelta, second: timedelta) -> None:
    at_once = after_working(start, first + second, CALENDAR)
    assert after_working(after_working(start, first, CALENDAR), second, CALENDAR) == at_once


def test_nothing_lies_between_a_moment_and_an_earlier_one() -> None:
    assert working_between(at("2026-11-20T12:00"), at("2026-11-20T11:00"), CALENDAR) == timedelta()


@pytest.mark.parametrize(
    ("moment", "reason", "opens"),
    [
        ("2026-03-04T08:29", None, "2026-03-04T08:30"),
        ("2026-03-04T17:30", None, "2026-03-05T08:30"),
        ("2026-03-07T10:00", "週六", "2026-03-09T08:30"),
        ("2026-10-10T10:00", "國慶日", "2026-10-12T08:30"),
        ("2026-11-23T10:00", "颱風停班", "2026-11-24T08:30"),
    ],
)
def test_help_1_why_nobody_is_there_and_from_when_on_somebody_is(moment: str, reason: str | None, opens: str) -> None:
    found = closed(at(moment), TYPHOON)
    assert found is not None
    assert (found.reason, found.opens_at) == (reason, at(opens))


def test_help_1_while_somebody_is_there_nothing_is_closed() -> None:
    assert closed(at("2026-03-04T08:30"), CALENDAR) is None
