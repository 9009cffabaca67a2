"""CLOSE-11 as a promise: the earliest day is reachable, and no earlier one is."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import date, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from core.clock import start_of_day
from core.closures.earliest import assess
from core.closures.facts import Facts, Leaving, NewReport, Statement
from core.closures.kinds import Destination, Ground, Leave, Remaining
from core.records.kinds import Schooling, WindowPolicy
from core.records.rules import Contact
from tests.core.closures.cases import worked

FIRST = date(2023, 1, 1)
LONGEST = 800  # days: a dispatch in the second year, six months or to July of the third
near = st.integers(0, 500).map(lambda each: FIRST + timedelta(days=each))
reports = st.none() | st.builds(NewReport, near.map(start_of_day), st.sampled_from(["", "AH0000001"]))
june = st.dates(date(2023, 5, 20), date(2023, 7, 10)) | st.just(date(2024, 6, 15))
moves = {
    "remaining": st.sampled_from(Remaining),
    "destination": st.sampled_from(Destination),
    "moves_county": st.booleans(),
    "social_affairs_serves": st.booleans(),
    "receiver_serves": st.booleans(),
    "new_report": reports,
}
gone = st.sampled_from([Leave.TRANSFERRED, Leave.GAVE_UP])
closable = st.one_of(
    st.just(Statement(Ground.NO_RISK, Remaining.NONE)),
    st.builds(Statement, ground=st.just(Ground.LEFT), leaving=st.builds(Leaving, gone, near), **moves),
    st.builds(Statement, ground=st.just(Ground.GRADUATING), graduates_on=june, **moves),
)
anything = st.builds(
    Statement,
    ground=st.none() | st.sampled_from(Ground),
    remaining=st.none() | st.sampled_from(Remaining),
    leaving=st.none() | st.builds(Leaving, st.sampled_from(Leave), near),
    graduates_on=st.none() | june,
)


@st.composite
def cases(draw: st.DrawFn) -> tuple[Facts, date]:
    """Draw a case and a day: most days have records behind them, few have none."""
    dispatches = draw(st.lists(near, min_size=1, max_size=3))
    today = draw(near)
    served = draw(st.lists(st.dates(min(dispatches), max(today, min(dispatches))), max_size=12))
    known = [Contact(day, draw(st.sampled_from(Schooling)), number) for number, day in enumerate(served)]
    said = draw(closable | anything)
    has_sibling = draw(st.sampled_from([False, False, True]))
    return Facts(tuple(dispatches), tuple(known), has_sibling, said, draw(st.sampled_from(WindowPolicy))), today


@st.composite
def graduates(draw: st.DrawFn) -> tuple[Facts, date]:
    """Draw a graduate without risk, around the day on which six months, schooling and July decide."""
    graduates_on = date(2024, 6, 15)
    dispatched = draw(st.dates(date(2023, 10, 1), date(2024, 1, 10)))
    today = draw(st.dates(date(2024, 5, 1), date(2024, 9, 30)))
    served = draw(st.lists(st.dates(dispatched, today), max_size=14))
    known = [Contact(day, draw(st.sampled_from(Schooling)), number) for number, day in enumerate(served)]
    said = Statement(Ground.GRADUATING, Remaining.NONE, graduates_on=graduates_on)
    return Facts((dispatched,), tuple(known), statement=said, window_policy=draw(st.sampled_from(WindowPolicy))), today


def first_closing_day(facts: Facts, days: Iterable[date]) -> date | None:
    return next((day for day in days if assess(worked(facts, day), day).can_close), None)


def some_days(today: date, until: date) -> list[date]:
    """Return today, every 17th day from it and the last three days before ``until``."""
    days = [today + timedelta(days=each) for each in range((until - today).days)]
    return sorted({*days[::17], *days[-3:]})


@given(cases() | graduates())
@settings(max_examples=300, deadline=None)
def test_the_earliest_day_is_reachable_and_no_earlier_one_is(case: tuple[Facts, date]) -> None:
    facts, today = case
    earliest = assess(facts, today).earliest
    until = today + timedelta(days=LONGEST) if earliest is None else earliest
    assert first_closing_day(facts, some_days(today, until)) is None
    assert earliest is None or assess(worked(facts, earliest), earliest).can_close


@given(graduates())
@settings(max_examples=40, deadline=None)
def test_a_graduates_earliest_day_is_the_first_of_all(case: tuple[Facts, date]) -> None:
    facts, today = case
    days = (today + timedelta(days=each) for each in range(LONGEST))
    assert assess(facts, today).earliest == first_closing_day(facts, days)


@given(cases() | graduates())
def test_what_can_be_closed_can_be_closed_today_and_what_cannot_says_why(case: tuple[Facts, date]) -> None:
    facts, today = case
    answer = assess(facts, today)
    assert answer.can_close == (not answer.unmet)
    if answer.can_close:
        assert answer.earliest == today
    assert answer.earliest is None or answer.earliest >= today
    assert all(each.rule.startswith(("CLOSE-", "REC-")) for each in answer.conditions)
    assert all(each.met_from == today for each in answer.conditions if each.is_met)


@given(cases() | graduates(), st.integers(0, 300))
def test_no_earliest_day_moves_back_when_the_case_is_dispatched_again(case: tuple[Facts, date], later: int) -> None:
    facts, today = case
    again = replace(facts, dispatches=(*facts.dispatches, max(facts.dispatches) + timedelta(days=later)))
    before, after = assess(facts, today).earliest, assess(again, today).earliest
    assert (before is None) == (after is None)
    assert before is None or after is None or after >= before
