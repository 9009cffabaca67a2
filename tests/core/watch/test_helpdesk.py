"""How quickly the helpdesk answers and solves: each number is as long as its list (HELP-6, DUTY-2)."""

from __future__ import annotations

from datetime import timedelta

import pytest

from core.access import Actor
from core.audit import Door
from core.errors import NotAllowed
from core.helpdesk.answering import Reply, answer, solve
from core.helpdesk.models import HelpKind
from core.helpdesk.rules import Then
from core.helpdesk.service import end
from core.watch.helpdesk import Clock, Outcome, Times, Wanted, asked_among, kinds, times
from tests.core.helpdesk.conftest import Desk, desk, desk_sqlite

__all__ = ["desk", "desk_sqlite"]
HOUR = timedelta(hours=1)


def answers(desk: Desk, number: int, then: Then = Then.WAIT) -> None:
    with desk.core.transaction(desk.ann, Door.DESK) as ctx:
        answer(ctx, number, Reply(f"請再試一次：{then}", desk.row(number).newest_entry, then))


def measured(desk: Desk, clock: Clock, days: int = 30) -> Times:
    with desk.core.transaction(desk.lead, Door.DESK) as ctx:
        return times(ctx, clock, days)


def numbers(desk: Desk, wanted: Wanted) -> list[int]:
    with desk.core.transaction(desk.lead, Door.DESK) as ctx:
        return [row.number for row in asked_among(ctx, wanted, 0, 50).rows]


def fill(desk: Desk) -> dict[str, int]:
    """Requests answered in one hour, in four, a minute too late, and never; one ended, and one still in time."""
    asked = {name: desk.asks().number for name in ("quick", "last", "late", "never")}
    asked["ended"] = desk.asks().number
    with desk.core.transaction(desk.ann, Door.CHAT) as ctx:
        assert end(ctx, desk.person)
    desk.moves_to("2026-11-23T10:00")
    answers(desk, asked["quick"], Then.SOLVE)
    desk.moves_to("2026-11-23T13:00")
    answers(desk, asked["last"])
    desk.moves_to("2026-11-23T13:01")
    answers(desk, asked["late"])
    asked["fresh"] = desk.asks(kind=HelpKind.LOGIN).number
    return asked


def test_help_6_first_answers_are_in_time_late_or_still_running(desk: Desk) -> None:
    asked = fill(desk)
    found = measured(desk, Clock.ANSWER)
    assert found.counts == {Outcome.IN_TIME: 2, Outcome.LATE: 2, Outcome.RUNNING: 1, Outcome.NONE: 1}
    assert (found.median, found.ninetieth) == (4 * HOUR, 4 * HOUR + timedelta(minutes=1))
    assert found.share_in_time == 50
    listed = {each: numbers(desk, Wanted(30, clock=Clock.ANSWER, outcome=each)) for each in Outcome}
    assert listed == {
        Outcome.IN_TIME: [asked["last"], asked["quick"]],
        Outcome.LATE: [asked["never"], asked["late"]],
        Outcome.RUNNING: [asked["fresh"]],
        Outcome.NONE: [asked["ended"]],
    }


def test_help_6_what_waits_for_who_asked_is_not_late(desk_sqlite: Desk) -> None:
    desk = desk_sqlite
    asked = fill(desk)
    desk.moves_to("2026-12-01T09:00")
    found = measured(desk, Clock.SOLUTION)
    assert found.counts == {Outcome.IN_TIME: 2, Outcome.LATE: 2, Outcome.RUNNING: 2, Outcome.NONE: 0}, found
    assert numbers(desk, Wanted(30, clock=Clock.SOLUTION, outcome=Outcome.RUNNING)) == [asked["late"], asked["last"]]
    with desk.core.transaction(desk.ann, Door.DESK) as ctx:
        solve(ctx, asked["never"])
    assert measured(desk, Clock.SOLUTION).counts[Outcome.LATE] == 1 + 1
    assert measured(desk, Clock.ANSWER).counts[Outcome.NONE] == 2


@pytest.mark.parametrize(
    ("moment", "outcome"),
    [
        ("2026-11-23T17:30:00", Outcome.IN_TIME),
        ("2026-11-23T17:30:01", Outcome.LATE),
        ("2026-11-23T22:00:00", Outcome.LATE),
        ("2026-11-24T08:30:00", Outcome.LATE),
    ],
)
def test_help_6_an_answer_after_the_closing_at_which_it_was_due_is_late(
    desk_sqlite: Desk, moment: str, outcome: Outcome
) -> None:
    desk = desk_sqlite
    desk.moves_to("2026-11-23T13:30")
    number = desk.asks().number
    desk.moves_to(moment)
    answers(desk, number)
    assert numbers(desk, Wanted(30, clock=Clock.ANSWER, outcome=outcome)) == [number]
    assert measured(desk, Clock.ANSWER).share_in_time == (100 if outcome is Outcome.IN_TIME else 0)


@pytest.mark.parametrize(
    ("moment", "outcome"),
    [
        ("2026-11-25T17:30:00", Outcome.IN_TIME),
        ("2026-11-25T17:30:01", Outcome.LATE),
        ("2026-11-25T20:00:00", Outcome.LATE),
        ("2026-11-26T08:30:00", Outcome.LATE),
    ],
)
def test_help_6_kept_open_until_it_is_solved_after_the_closing_counts_as_late(
    desk_sqlite: Desk, moment: str, outcome: Outcome
) -> None:
    desk = desk_sqlite
    desk.moves_to("2026-11-23T08:30")
    number = desk.asks().number
    answers(desk, number, Then.KEEP)
    desk.moves_to(moment)
    answers(desk, number, Then.SOLVE)
    assert numbers(desk, Wanted(30, clock=Clock.SOLUTION, outcome=outcome)) == [number]


def test_help_6_late_before_it_waited_stays_late_and_is_told_once(desk_sqlite: Desk) -> None:
    desk = desk_sqlite
    desk.moves_to("2026-11-23T08:30")
    number = desk.asks().number
    desk.moves_to("2026-11-27T09:00")
    answers(desk, number)
    late = Wanted(30, clock=Clock.SOLUTION, outcome=Outcome.LATE)
    assert numbers(desk, late) == [number]
    desk.moves_to("2026-11-30T08:30")
    desk.writes("還是不行")
    assert numbers(desk, late) == [number]
    assert desk.row(number).warn_at is None
    answers(desk, number, Then.SOLVE)
    assert numbers(desk, late) == [number]
    assert desk.row(number).solved_in == (27 + 9 + 0.5) * 3600


def test_help_6_a_request_that_waited_and_is_kept_runs_again(desk_sqlite: Desk) -> None:
    desk = desk_sqlite
    number = desk.asks().number
    answers(desk, number)
    assert desk.row(number).solve_due_at is None
    desk.moves_to("2026-11-24T09:00")
    answers(desk, number, Then.KEEP)
    due = desk.row(number).solve_due_at
    assert due is not None
    assert due.isoformat() == "2026-11-27T01:00:00+00:00"


def test_only_the_last_days_count_the_first_of_them_wholly(desk_sqlite: Desk) -> None:
    desk = desk_sqlite
    desk.moves_to("2026-11-23T00:00")
    number = desk.asks().number
    desk.moves_to("2026-11-29T23:59")
    assert numbers(desk, Wanted(7)) == [number]
    assert measured(desk, Clock.ANSWER, 7).counts[Outcome.LATE] == 1
    desk.moves_to("2026-11-30T00:00")
    assert numbers(desk, Wanted(7)) == []
    assert measured(desk, Clock.ANSWER, 7).share_in_time is None
    assert measured(desk, Clock.ANSWER, 7).median is None


def test_kinds_are_counted_as_their_lists_are_long(desk: Desk) -> None:
    fill(desk)
    with desk.core.transaction(desk.lead, Door.DESK) as ctx:
        found = kinds(ctx, 30)
    assert set(found) == set(HelpKind)
    assert found == {kind: len(numbers(desk, Wanted(30, kind=kind))) for kind in HelpKind}
    assert (found[HelpKind.FAULT], found[HelpKind.LOGIN]) == (5, 1)


def test_only_the_helpdesk_sees_them(desk_sqlite: Desk) -> None:
    with desk_sqlite.core.transaction(Actor(name="visitor"), Door.DESK) as ctx:
        with pytest.raises(NotAllowed):
            times(ctx, Clock.ANSWER, 30)
        with pytest.raises(NotAllowed):
            kinds(ctx, 30)
        with pytest.raises(NotAllowed):
            asked_among(ctx, Wanted(30), 0, 10)
