"""CLOSE-2 to CLOSE-5, CLOSE-9, CLOSE-10, CLOSE-12: dates, steps and states."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.clock import TICK, start_of_day
from core.closures.facts import Facts, Leaving, Statement
from core.closures.kinds import (
    Act,
    ClosingReason,
    ClosureBucket,
    ClosureState,
    Destination,
    Finding,
    Ground,
    JulyReason,
    Leave,
    OnwardStep,
    Remaining,
)
from core.closures.refusals import ClosureRefusal as Refused
from core.closures.rules import (
    MonthDay,
    after,
    broken_by,
    bucket,
    comes_back,
    findings,
    july_end,
    july_owes,
    july_reasons,
    leaving_owes,
    look_due,
    month_end,
    onward_step,
    returned_owes,
    six_months_on,
)
from core.dispatches.kinds import Uncooperative
from core.duties.plans import DutyKind
from core.records.kinds import Schooling
from tests.core.closures.cases import DISPATCHED, ONE_DAY, SIX_MONTHS_ON, a_case, contacts

GRADUATES = Statement(ground=Ground.GRADUATING, remaining=Remaining.NONE, graduates_on=date(2019, 6, 20))
SEMESTERS = (MonthDay(2, 1), MonthDay(8, 30))
S, A = ClosureState, Act


@pytest.mark.parametrize(
    ("dispatched", "ripe_on"),
    [
        (date(2023, 8, 31), date(2024, 2, 29)),
        (date(2022, 8, 31), date(2023, 2, 28)),
        (date(2023, 8, 28), date(2024, 2, 28)),
        (date(2018, 12, 19), date(2019, 6, 19)),
        (date(2023, 12, 31), date(2024, 6, 30)),
    ],
)
def test_six_months_end_on_the_same_day_of_the_month_or_with_it(dispatched: date, ripe_on: date) -> None:
    assert six_months_on(dispatched) == ripe_on


def test_six_months_are_right_for_every_day_of_the_years() -> None:
    """The oracle counts the days of the months passed over, from a table of its own."""
    day = date(2020, 1, 1)
    while day < date(2036, 1, 1):
        year, month = (day.year, day.month + 6) if day.month <= 6 else (day.year + 1, day.month - 6)
        is_leap = year % 4 == 0  # holds from 1901 to 2099
        longest = {2: 29 if is_leap else 28, 4: 30, 6: 30, 9: 30, 11: 30}.get(month, 31)
        expected = f"{year}-{month:02d}-{min(day.day, longest):02d}"
        assert six_months_on(day).isoformat() == expected
        day += ONE_DAY


@given(st.dates(date(2015, 1, 1), date(2035, 12, 31)), st.integers(0, 400))
def test_six_months_never_move_back_when_the_case_is_dispatched_again(day: date, later: int) -> None:
    assert six_months_on(day + timedelta(days=later)) >= six_months_on(day)


@pytest.mark.parametrize(
    ("day", "last"),
    [
        (date(2024, 2, 1), date(2024, 2, 29)),
        (date(2023, 2, 28), date(2023, 2, 28)),
        (date(2023, 12, 31), date(2023, 12, 31)),
    ],
)
def test_a_month_ends_on_its_last_day(day: date, last: date) -> None:
    assert month_end(day) == last


@pytest.mark.parametrize("how", [Leave.TRANSFERRED, Leave.GAVE_UP])
@pytest.mark.parametrize("day", [date(2024, 2, 1), date(2024, 2, 29)])
def test_who_leaves_is_to_be_closed_by_the_end_of_the_month(how: Leave, day: date) -> None:
    owed = leaving_owes(Leaving(how, day))
    assert owed is not None
    assert owed.kind is DutyKind.CLOSURE_IN_MONTH
    assert (owed.counted_from, owed.due_at) == (start_of_day(day), start_of_day(date(2024, 3, 1)) - TICK)


def test_who_is_on_leave_still_belongs_to_the_school() -> None:
    assert leaving_owes(Leaving(Leave.ON_LEAVE, date(2024, 2, 1))) is None


@pytest.mark.parametrize(
    ("graduates_on", "reasons"),
    [(SIX_MONTHS_ON, ()), (SIX_MONTHS_ON - ONE_DAY, (JulyReason.TOO_SHORT,))],
)
def test_six_months_before_graduation_are_enough(graduates_on: date, reasons: tuple[JulyReason, ...]) -> None:
    assert july_reasons(a_case(date(2019, 6, 1), replace(GRADUATES, graduates_on=graduates_on))) == reasons


@pytest.mark.parametrize("schooling", [Schooling.UNSTABLE, Schooling.BECOMING_STABLE])
def test_who_is_not_stable_before_graduation_is_followed_to_july(schooling: Schooling) -> None:
    assert july_reasons(a_case(date(2019, 6, 1), GRADUATES, schooling)) == (JulyReason.UNSTABLE,)


@pytest.mark.parametrize(
    ("served_on", "reasons"),
    [(date(2019, 6, 20), ()), (date(2019, 6, 21), (JulyReason.UNSTABLE,))],
)
def test_only_records_up_to_graduation_show_stable_schooling(served_on: date, reasons: tuple[JulyReason, ...]) -> None:
    assert july_reasons(Facts((DISPATCHED,), contacts([served_on]), statement=GRADUATES)) == reasons


@pytest.mark.parametrize("remaining", [Remaining.RISK, Remaining.SCHOOLING_ONLY, None])
def test_while_risk_remains_a_graduate_is_followed_to_july(remaining: Remaining | None) -> None:
    facts = a_case(date(2019, 6, 1), replace(GRADUATES, remaining=remaining))
    assert july_reasons(facts) == (JulyReason.RISK,)


def test_all_reasons_for_july_are_told_at_once() -> None:
    said = replace(GRADUATES, remaining=Remaining.RISK, graduates_on=date(2019, 6, 1))
    assert july_reasons(Facts((DISPATCHED,), statement=said)) == tuple(JulyReason)


def test_without_a_day_of_graduation_nothing_is_reckoned() -> None:
    facts = a_case(date(2019, 6, 1))
    assert july_owes(facts) is None
    with pytest.raises(ValueError, match="graduation"):
        july_reasons(facts)


def test_following_to_july_arises_on_its_first_and_is_due_on_its_last() -> None:
    owed = july_owes(a_case(date(2019, 6, 1), replace(GRADUATES, remaining=Remaining.RISK)))
    assert owed is not None
    assert owed.kind is DutyKind.FOLLOW_TO_JULY
    assert owed.counted_from == start_of_day(date(2019, 7, 1))
    assert owed.due_at == start_of_day(date(2019, 8, 1)) - TICK
    assert july_end(date(2019, 6, 20)) == date(2019, 7, 31)


def test_who_may_close_at_once_need_not_follow_to_july() -> None:
    assert july_owes(a_case(date(2019, 6, 1), GRADUATES)) is None


@pytest.mark.parametrize(
    ("said", "step"),
    [
        (Statement(remaining=Remaining.NONE), None),
        (Statement(remaining=Remaining.NONE, moves_county=True), None),
        (Statement(remaining=Remaining.RISK), OnwardStep.NEW_REPORT),
        (Statement(remaining=None), OnwardStep.NEW_REPORT),
        (Statement(remaining=Remaining.RISK, receiver_serves=True), OnwardStep.HAND_OVER),
        (Statement(remaining=Remaining.RISK, moves_county=True), OnwardStep.NEW_REPORT),
        (Statement(remaining=Remaining.RISK, moves_county=True, receiver_serves=True), OnwardStep.NEW_REPORT),
        (Statement(remaining=Remaining.RISK, moves_county=True, social_affairs_serves=True), OnwardStep.HAND_OVER),
        (Statement(remaining=Remaining.RISK, social_affairs_serves=True), OnwardStep.NEW_REPORT),
        (Statement(remaining=Remaining.RISK, destination=Destination.COLLEGE), OnwardStep.NEW_REPORT),
    ],
)
def test_a_family_at_risk_is_reported_again_unless_somebody_serves_it(said: Statement, step: OnwardStep | None) -> None:
    assert onward_step(said) == step


@pytest.mark.parametrize("destination", [*Destination, None])
def test_only_schooling_goes_by_the_ministrys_system_where_no_dispatch_reaches(destination: Destination | None) -> None:
    is_out_of_reach = destination in {Destination.COLLEGE, Destination.OTHER_COUNTY_SCHOOL}
    said = Statement(remaining=Remaining.SCHOOLING_ONLY, destination=destination)
    assert onward_step(said) is (OnwardStep.SCHOOL_TRANSFER if is_out_of_reach else OnwardStep.NEW_REPORT)


@pytest.mark.parametrize(
    ("reported_on", "back"),
    [(date(2019, 6, 1), True), (date(2019, 7, 30), True), (date(2019, 7, 31), False), (date(2019, 8, 1), False)],
)
def test_a_new_report_before_the_end_of_july_comes_back(reported_on: date, *, back: bool) -> None:
    assert comes_back(reported_on, date(2019, 6, 20)) is back


def test_a_returned_form_is_due_so_many_days_after_the_return() -> None:
    owed = returned_owes(datetime(2019, 7, 25, 15, 59, tzinfo=UTC), 3)
    assert owed.kind is DutyKind.RETURNED_CLOSURE
    assert (owed.counted_from, owed.due_at) == (
        start_of_day(date(2019, 7, 25)),
        start_of_day(date(2019, 7, 29)) - TICK,
    )


def test_a_return_after_midnight_in_taipei_counts_from_that_day() -> None:
    owed = returned_owes(datetime(2019, 7, 25, 16, 0, tzinfo=UTC), 3)
    assert owed.due_at == start_of_day(date(2019, 7, 30)) - TICK


WAYS = {
    (S.APPLIED, A.APPROVE): S.APPROVED,
    (S.APPLIED, A.RETURN): S.RETURNED,
    (S.RETURNED, A.RESEND): S.APPLIED,
    (S.RETURNED, A.DELETE): S.DELETED,
}


@pytest.mark.parametrize("state", ClosureState)
@pytest.mark.parametrize("act", Act)
def test_a_form_goes_only_where_the_book_lets_it(state: ClosureState, act: Act) -> None:
    assert after(state, act) == WAYS.get((state, act))
    broken = broken_by(state, act, reason="請補充手足的就學情形")
    refused = Refused.WRONG_STATE.broken(state=state.label, act=act.label)
    assert broken == (() if (state, act) in WAYS else (refused,))


@pytest.mark.parametrize("reason", ["", " ", "無", "。"])
def test_a_return_has_a_reason(reason: str) -> None:
    assert broken_by(S.APPLIED, A.RETURN, reason=reason) == (Refused.NO_RETURN_REASON.broken(),)
    assert broken_by(S.APPLIED, A.APPROVE, reason=reason) == ()


@pytest.mark.parametrize("act", Act)
def test_nobody_reviews_their_own_form(act: Act) -> None:
    state = S.APPLIED if act in {A.APPROVE, A.RETURN} else S.RETURNED
    expected = (Refused.OWN_FORM.broken(),) if state is S.APPLIED else ()
    assert broken_by(state, act, reason="請補充", is_own=True) == expected


def test_everything_wrong_with_an_act_is_told_at_once() -> None:
    assert [each.rule for each in broken_by(S.APPROVED, A.RETURN, is_own=True)] == ["CLOSE-9"] * 3


def test_every_state_counts_in_one_bucket_and_every_bucket_has_a_state() -> None:
    states = (None, *ClosureState)
    assert [bucket(state) for state in states] == [
        ClosureBucket.IN_PROGRESS,
        ClosureBucket.APPLIED,
        ClosureBucket.RETURNED,
        ClosureBucket.CLOSED,
        ClosureBucket.IN_PROGRESS,
    ]
    assert {bucket(state) for state in states} == set(ClosureBucket)


@pytest.mark.parametrize(
    ("today", "day"),
    [
        (date(2026, 1, 31), None),
        (date(2026, 2, 1), date(2026, 2, 1)),
        (date(2026, 3, 3), date(2026, 2, 1)),
        (date(2026, 3, 4), None),
        (date(2026, 8, 29), None),
        (date(2026, 8, 30), date(2026, 8, 30)),
        (date(2026, 9, 29), date(2026, 8, 30)),
        (date(2026, 9, 30), None),
    ],
)
def test_units_are_asked_before_each_semester_and_at_most_a_month_late(today: date, day: date | None) -> None:
    assert look_due(today, SEMESTERS) == day


def test_a_look_of_the_last_month_of_a_year_is_made_up_for_in_the_next() -> None:
    assert look_due(date(2027, 1, 19), (MonthDay(12, 20),)) == date(2026, 12, 20)
    assert look_due(date(2027, 1, 20), (MonthDay(12, 20),)) is None
    assert look_due(date(2028, 1, 19), (MonthDay(12, 20),)) == date(2027, 12, 20)


def test_a_day_that_some_year_lacks_is_no_semester_day() -> None:
    with pytest.raises(ValueError, match="day"):
        MonthDay(2, 29)


@pytest.mark.parametrize(
    ("said", "state", "today", "found"),
    [
        (Statement(), None, date(2019, 6, 1), ()),
        (Statement(leaving=Leaving(Leave.GAVE_UP, date(2019, 6, 1))), None, date(2019, 6, 1), (Finding.PUPIL_LEFT,)),
        (Statement(leaving=Leaving(Leave.GAVE_UP, date(2019, 5, 31))), None, date(2019, 6, 1), (Finding.PUPIL_LEFT,)),
        (Statement(leaving=Leaving(Leave.GAVE_UP, date(2019, 6, 2))), None, date(2019, 6, 1), ()),
        (Statement(leaving=Leaving(Leave.ON_LEAVE, date(2019, 6, 1))), None, date(2019, 6, 1), ()),
        (Statement(graduates_on=date(2019, 6, 1)), None, date(2019, 6, 1), (Finding.PUPIL_LEFT,)),
        (Statement(graduates_on=date(2019, 5, 31)), None, date(2019, 6, 1), (Finding.PUPIL_LEFT,)),
        (Statement(graduates_on=date(2019, 6, 2)), None, date(2019, 6, 1), ()),
        (Statement(), S.RETURNED, date(2019, 6, 1), (Finding.RETURNED_FORM,)),
        (Statement(), S.APPLIED, date(2019, 6, 1), ()),
        (Statement(), None, date(2019, 7, 16), ()),
        (Statement(), None, date(2019, 7, 17), (Finding.MISSING_RECORDS,)),
    ],
)
def test_before_a_semester_a_unit_learns_what_to_put_right(
    said: Statement, state: ClosureState | None, today: date, found: tuple[Finding, ...]
) -> None:
    assert findings(a_case(date(2019, 6, 1), said), state, today) == found


def test_the_forms_choices_are_those_of_the_manual() -> None:
    assert (len(Ground), len(ClosingReason), len(Uncooperative)) == (3, 15, 4)
    assert ClosingReason.of_label("個案需求已提供適切資源") is ClosingReason.NEEDS_MET


def test_a_case_was_dispatched_at_least_once() -> None:
    with pytest.raises(ValueError, match="dispatch"):
        Facts(())
