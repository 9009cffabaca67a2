"""Waiting times, alarms, reopening, assignment: the rules of the helpdesk as tables (HELP-6)."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.calendar import WorkCalendar
from core.clock import TAIPEI, TICK
from core.helpdesk import rules
from core.helpdesk.hours import WORKING_DAY, is_open, same_closing, working_between
from core.helpdesk.rules import Alarm, Clocks
from core.policy import Policy

CALENDAR = WorkCalendar()
POLICY = Policy()
MOMENTS = st.datetimes(datetime(2025, 1, 1), datetime(2027, 12, 31), timezones=st.just(TAIPEI))  # noqa: DTZ001


def at(text: str) -> datetime:
    return datetime.fromisoformat(f"{text}+08:00").astimezone(UTC)


def begun(asked: str) -> Clocks:
    return rules.begin(at(asked), CALENDAR, POLICY)


@pytest.mark.parametrize(
    ("asked", "answer", "solution"),
    [
        ("2026-11-20T18:00", "2026-11-23T12:30", "2026-11-25T17:30"),
        ("2026-11-23T09:00", "2026-11-23T13:00", "2026-11-26T09:00"),
        ("2026-11-23T15:00", "2026-11-24T10:00", "2026-11-26T15:00"),
    ],
)
def test_answer_is_owed_in_four_working_hours_and_the_solution_in_three_working_days(
    asked: str, answer: str, solution: str
) -> None:
    assert begun(asked) == Clocks(at(answer), at(solution))


def test_the_clock_stands_while_the_user_is_waited_for() -> None:
    clocks = rules.pause(rules.answered(begun("2026-11-23T09:00")), at("2026-11-23T10:00"), CALENDAR)
    assert clocks == Clocks(None, None, 3 * WORKING_DAY - timedelta(hours=1))
    assert rules.resume(clocks, at("2026-12-01T10:00"), CALENDAR).solve_due == at("2026-12-04T09:00")


def test_what_is_left_runs_down_stands_while_they_stand_and_ends() -> None:
    running, hour = begun("2026-11-23T09:00"), timedelta(hours=1)
    assert rules.left(running, at("2026-11-23T10:00"), CALENDAR) == 3 * WORKING_DAY - hour
    assert rules.left(Clocks(None, None, hour), at("2026-11-23T10:00"), CALENDAR) == hour
    assert rules.left(running, at("2026-11-26T09:00"), CALENDAR) == timedelta()


@pytest.mark.parametrize(
    ("now", "late"),
    [
        ("2026-11-23T17:30:00", 0),  # the moment itself is in time
        ("2026-11-23T17:30:00.000001", 1),
        ("2026-11-23T20:00", 1),  # nobody is there, and yet it is late
        ("2026-11-24T08:30", 1),
        ("2026-11-24T08:30:02", 2),
        ("2026-11-24T09:30", 3600),
    ],
)
def test_help_6_what_was_due_at_closing_is_late_after_it(now: str, late: int) -> None:
    due = at("2026-11-23T17:30")
    assert rules.lateness(due, at(now), CALENDAR) == timedelta(seconds=late)
    took = rules.answered_in(at("2026-11-23T13:30"), due, at(now), CALENDAR)
    assert took == rules.answer_span(POLICY) + timedelta(seconds=late)
    assert rules.overdue(Clocks(None, due), at(now), CALENDAR) == timedelta(seconds=late)


@pytest.mark.parametrize("due", [None, "2026-11-23T17:30"])
def test_help_6_an_answer_in_time_took_the_working_time_until_it_came(due: str | None) -> None:
    took = rules.answered_in(at("2026-11-23T13:30"), at(due) if due else None, at("2026-11-23T14:15"), CALENDAR)
    assert took == timedelta(minutes=45)


@pytest.mark.parametrize(
    ("paused", "resumed", "due", "late"),
    [
        ("2026-11-26T09:00", "2026-12-01T10:00", "2026-12-01T10:00", False),  # at its last moment: nothing is left
        ("2026-11-26T09:00", "2026-11-28T12:00", "2026-11-30T08:30", False),  # of the weekend, nothing counts
        ("2026-11-26T10:00", "2026-12-01T10:00", "2026-12-01T09:00", True),
        ("2026-11-26T20:00", "2026-11-28T12:00", "2026-11-27T09:00", True),  # Friday was waited for
        ("2026-11-25T20:00", "2026-11-25T21:00", "2026-11-26T09:00", False),  # both in one night
        ("2026-11-25T12:00", "2026-11-25T12:00", "2026-11-26T09:00", False),
    ],
)
def test_help_6_waiting_makes_nothing_late_and_takes_no_lateness_back(
    paused: str, resumed: str, due: str, *, late: bool
) -> None:
    standing = rules.pause(rules.answered(begun("2026-11-23T09:00")), at(paused), CALENDAR)
    assert (rules.overdue(standing, at(resumed), CALENDAR) > timedelta()) is late
    running = rules.resume(standing, at(resumed), CALENDAR)
    assert running == Clocks(None, at(due))
    if late:
        assert rules.next_ring(running, at(resumed), CALENDAR, POLICY) is None


def test_standing_clocks_stay_as_they_are() -> None:
    running, standing = begun("2026-11-23T09:00"), Clocks(None, None, timedelta(hours=1))
    assert rules.resume(running, at("2026-11-24T09:00"), CALENDAR) is running
    assert rules.pause(standing, at("2026-11-24T09:00"), CALENDAR) is standing


@given(
    asked=MOMENTS,
    worked=st.timedeltas(timedelta(), timedelta(days=9)),
    rested=st.timedeltas(timedelta(), timedelta(days=30)),
)
def test_waiting_neither_gives_nor_takes_working_time(asked: datetime, worked: timedelta, rested: timedelta) -> None:
    clocks = rules.begin(asked, CALENDAR, POLICY)
    before = rules.left(clocks, asked + worked, CALENDAR)
    resumed = rules.resume(rules.pause(clocks, asked + worked, CALENDAR), asked + worked + rested, CALENDAR)
    assert rules.left(resumed, asked + worked + rested, CALENDAR) == before


def test_alarms_ring_at_three_quarters_and_once_late() -> None:
    clocks, moment, rung = begun("2026-11-23T09:00"), None, []
    while ring := rules.next_ring(clocks, moment, CALENDAR, POLICY):
        rung.append((ring.alarm, ring.at))
        moment = ring.at
    assert rung == [
        (Alarm.ANSWER_SOON, at("2026-11-23T12:00")),
        (Alarm.ANSWER_LATE, at("2026-11-23T13:00") + TICK),
        (Alarm.SOLVE_SOON, at("2026-11-25T11:15")),
        (Alarm.SOLVE_LATE, at("2026-11-26T09:00") + TICK),
    ]


@pytest.mark.parametrize(
    ("now", "expected"),
    [
        ("2026-11-23T11:59", None),
        ("2026-11-23T12:00", Alarm.ANSWER_SOON),
        ("2026-11-23T13:00", Alarm.ANSWER_SOON),
        ("2026-11-23T13:01", Alarm.ANSWER_LATE),
        ("2026-12-31T00:00", Alarm.SOLVE_LATE),
    ],
)
def test_alarms_that_were_missed_are_one(now: str, expected: Alarm | None) -> None:
    ring = rules.newest_ring(begun("2026-11-23T09:00"), at(now), CALENDAR, POLICY)
    assert (ring.alarm if ring else None) == expected


def test_nothing_rings_while_the_clocks_stand() -> None:
    assert rules.next_ring(Clocks(None, None, timedelta(hours=9)), None, CALENDAR, POLICY) is None


@pytest.mark.parametrize(
    ("days", "seconds", "expected"), [(6, 86399, True), (7, 0, False), (8, 0, False), (0, 0, True)]
)
def test_a_solved_request_opens_again_within_seven_days(days: int, seconds: int, expected: bool) -> None:
    solved = at("2026-11-23T09:00")
    assert rules.may_reopen(solved, solved + timedelta(days=days, seconds=seconds), POLICY) is expected


@pytest.mark.parametrize(
    ("loads", "on_duty", "expected"),
    [
        ({}, [], None),
        ({}, [7, 8], 7),
        ({7: 0}, [7, 8], 7),
        ({7: 1}, [7, 8], 8),
        ({7: 1, 8: 1}, [8, 7], 8),
        ({7: 3, 8: 2, 9: 0}, [7, 8], 8),
    ],
)
def test_the_least_loaded_on_duty_gets_it(loads: dict[int, int], on_duty: list[int], expected: int | None) -> None:
    assert rules.least_loaded(loads, on_duty) == expected


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        ("2026-11-20T18:00", "2026-11-23T08:29", True),
        ("2026-11-20T18:00", "2026-11-23T08:30", False),
        ("2026-11-20T17:29", "2026-11-20T17:31", False),
        ("2026-11-20T06:00", "2026-11-20T19:00", False),
        ("2026-11-20T19:00", "2026-11-20T06:00", False),
    ],
)
def test_a_closing_lasts_until_the_next_opening(one: str, other: str, expected: bool) -> None:
    assert same_closing(at(one), at(other), CALENDAR) is expected


def test_what_was_spent_is_told_and_nothing_where_nothing_was_counted() -> None:
    assert (rules.spent(90), rules.spent(None)) == (timedelta(seconds=90), timedelta())


def test_a_conversation_is_left_alone_after_so_many_hours() -> None:
    assert rules.talks_until(at("2026-11-23T09:00"), Policy(help_talk_hours=12)) == at("2026-11-23T21:00")


@given(asked=MOMENTS)
def test_deadlines_fall_into_the_hours(asked: datetime) -> None:
    clocks = rules.begin(asked, CALENDAR, POLICY)
    for due in (clocks.answer_due, clocks.solve_due):
        assert due is not None
        assert is_open(due - TICK, CALENDAR)
    assert clocks.answer_due is not None
    assert working_between(asked, clocks.answer_due, CALENDAR) == timedelta(hours=4)
