"""REC-1, REC-3, REC-8: the windows that need a record."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.clock import TICK, start_of_day
from core.duties.plans import DutyKind
from core.records.kinds import WindowPolicy
from core.records.rules import Window, Windows, audit, audit_day, owing, windows_of

ONE_DAY = timedelta(days=1)
MONTHLY = WindowPolicy.CALENDAR_MONTH
DISPATCHED = date(2018, 12, 19)
SERVED = (
    date(2018, 12, 21),
    *(date(2019, month, day) for month, day in ((1, 18), (2, 25), (3, 22), (4, 26), (5, 30), (6, 5), (7, 24))),
)
GAP = Window(6, date(2019, 6, 17), date(2019, 7, 16))

days = st.dates(date(2015, 1, 1), date(2035, 12, 31))
policies = st.sampled_from(WindowPolicy)
spans = st.integers(0, 500).map(lambda each: timedelta(days=each))


@pytest.mark.parametrize(
    ("index", "first", "last"),
    [
        (0, date(2018, 12, 19), date(2019, 1, 17)),
        (1, date(2019, 1, 18), date(2019, 2, 16)),
        (6, date(2019, 6, 17), date(2019, 7, 16)),
        (7, date(2019, 7, 17), date(2019, 8, 15)),
    ],
)
def test_a_window_has_thirty_days(index: int, first: date, last: date) -> None:
    assert Windows(DISPATCHED).window(index) == Window(index, first, last)


@pytest.mark.parametrize(
    ("start", "index", "first", "last"),
    [
        (date(2018, 12, 19), 0, date(2018, 12, 19), date(2018, 12, 31)),
        (date(2018, 12, 19), 1, date(2019, 1, 1), date(2019, 1, 31)),
        (date(2018, 12, 31), 0, date(2018, 12, 31), date(2018, 12, 31)),
        (date(2018, 12, 31), 2, date(2019, 2, 1), date(2019, 2, 28)),
        (date(2019, 1, 1), 0, date(2019, 1, 1), date(2019, 1, 31)),
        (date(2019, 1, 31), 13, date(2020, 2, 1), date(2020, 2, 29)),
    ],
)
def test_by_the_other_policy_a_window_is_a_month(start: date, index: int, first: date, last: date) -> None:
    assert Windows(start, MONTHLY).window(index) == Window(index, first, last)


def test_there_is_no_window_before_the_first() -> None:
    with pytest.raises(ValueError, match="from 0"):
        Windows(DISPATCHED).window(-1)


@pytest.mark.parametrize(
    ("day", "index"),
    [
        (date(2018, 12, 18), None),
        (date(2018, 12, 19), 0),
        (date(2019, 1, 17), 0),
        (date(2019, 1, 18), 1),
        (date(2019, 7, 16), 6),
    ],
)
def test_a_service_date_lies_in_one_window(day: date, index: int | None) -> None:
    window = Windows(DISPATCHED).holding(day)
    assert (window.index if window else None) == index


@pytest.mark.parametrize(
    ("today", "indices"),
    [
        (date(2018, 12, 18), []),
        (date(2018, 12, 19), [0]),
        (date(2019, 1, 17), [0]),
        (date(2019, 1, 18), [0, 1]),
    ],
)
def test_windows_begin_with_their_first_day(today: date, indices: list[int]) -> None:
    assert [window.index for window in Windows(DISPATCHED).begun_by(today)] == indices


def test_a_record_on_the_day_of_the_dispatch_holds_the_first_window() -> None:
    assert Windows(DISPATCHED).owed([DISPATCHED], DISPATCHED) == ()
    assert [window.index for window in Windows(DISPATCHED).owed([DISPATCHED - ONE_DAY], DISPATCHED)] == [0]


def test_an_older_window_comes_first() -> None:
    windows = Windows(DISPATCHED)
    assert windows.window(0) < windows.window(1) < windows.window(10)


def test_the_manuals_case_lacks_exactly_window_six() -> None:
    assert Windows(DISPATCHED).missing(SERVED, date(2019, 8, 1)) == (GAP,)


@pytest.mark.parametrize(("today", "lacks"), [(date(2019, 7, 16), False), (date(2019, 7, 17), True)])
def test_a_window_is_missing_from_the_day_after_its_last(today: date, *, lacks: bool) -> None:
    assert Windows(DISPATCHED).missing(SERVED, today) == ((GAP,) if lacks else ())


@pytest.mark.parametrize(
    ("entered", "fills"),
    [
        (date(2019, 6, 16), False),
        (date(2019, 6, 17), True),
        (date(2019, 7, 16), True),
        (date(2019, 7, 17), False),
    ],
)
def test_a_gap_is_filled_by_entering_what_was_done_in_it(entered: date, *, fills: bool) -> None:
    assert Windows(DISPATCHED).missing((*SERVED, entered), date(2020, 1, 1))[0].index == (8 if fills else 6)


def test_today_owes_what_is_missing_and_the_window_under_way() -> None:
    windows = Windows(DISPATCHED)
    assert [window.index for window in windows.owed(SERVED, date(2019, 8, 15))] == [6]
    assert [window.index for window in windows.owed(SERVED, date(2019, 8, 16))] == [6, 8]


def test_by_the_other_policy_the_manuals_case_lacks_no_month() -> None:
    assert Windows(DISPATCHED, MONTHLY).missing(SERVED, date(2019, 8, 1)) == ()
    lacking = Windows(DISPATCHED, MONTHLY).missing(SERVED, date(2019, 9, 1))
    assert lacking == (Window(8, date(2019, 8, 1), date(2019, 8, 31)),)


def test_a_window_is_due_at_the_end_of_its_last_day() -> None:
    owed = owing(GAP)
    assert owed.kind is DutyKind.RECORD_WINDOW
    assert owed.counted_from == start_of_day(date(2019, 6, 17))
    assert owed.due_at == start_of_day(date(2019, 7, 17)) - TICK


@pytest.mark.parametrize(("came_in", "owed", "unknown"), [(GAP.last, [6, 8], []), (GAP.last + ONE_DAY, [8], [6])])
def test_a_window_that_ended_before_the_case_came_in_is_owed_by_nobody_here(
    came_in: date, owed: list[int], unknown: list[int]
) -> None:
    windows = Windows(DISPATCHED, known_from=came_in)
    today = date(2019, 8, 16)
    assert [each.index for each in windows.owed(SERVED, today)] == owed
    assert [each.index for each in windows.unknown(SERVED, today)] == unknown
    assert windows.missing((), today)[0].last >= came_in > windows.unknown((), today)[-1].last
    assert len(windows.missing((), today)) + len(windows.unknown((), today)) == len(windows.begun_by(today)) - 1


def test_a_new_dispatch_begins_windows_that_are_known_again() -> None:
    windows = windows_of([DISPATCHED, date(2019, 9, 1)], known_from=date(2019, 8, 1))
    assert windows.unknown((), date(2020, 1, 1)) == ()


def test_a_service_before_the_start_fills_no_window() -> None:
    assert [each.index for each in Windows(DISPATCHED).owed([DISPATCHED - ONE_DAY], DISPATCHED)] == [0]


@pytest.mark.parametrize(
    ("day", "lacks"),
    [(date(2019, 7, 1), ()), (date(2019, 8, 1), (GAP,))],
)
def test_the_audit_lists_windows_that_ended_before_the_first(day: date, lacks: tuple[Window, ...]) -> None:
    assert audit(Windows(DISPATCHED), SERVED, day) == lacks


def test_the_audit_of_a_day_on_which_a_window_ends_leaves_it_out() -> None:
    windows = Windows(date(2024, 1, 3))
    assert windows.window(0).last == date(2024, 2, 1)
    assert audit(windows, [], date(2024, 2, 1)) == ()
    assert [each.index for each in audit(windows, [], date(2024, 3, 1))] == [0]
    assert [each.index for each in audit(Windows(date(2024, 1, 2)), [], date(2024, 2, 1))] == [0]


def test_units_are_audited_on_the_first_only() -> None:
    with pytest.raises(ValueError, match="1st"):
        audit(Windows(DISPATCHED), SERVED, date(2019, 8, 2))


@pytest.mark.parametrize("today", [date(2019, 8, 1), date(2019, 8, 2), date(2019, 8, 31)])
def test_the_newest_audit_was_on_the_first(today: date) -> None:
    assert audit_day(today) == date(2019, 8, 1)


def test_a_new_dispatch_moves_the_start() -> None:
    assert windows_of([DISPATCHED]).start == DISPATCHED
    assert windows_of([date(2019, 3, 1), DISPATCHED], MONTHLY) == Windows(date(2019, 3, 1), MONTHLY)


def test_without_a_dispatch_there_are_no_windows() -> None:
    with pytest.raises(ValueError, match="empty"):
        windows_of([])


@given(days, spans, policies)
def test_windows_tile_time_without_gap_or_overlap(start: date, span: timedelta, policy: WindowPolicy) -> None:
    windows = Windows(start, policy)
    begun = windows.begun_by(start + span)
    assert begun[0].first == start
    assert begun[-1].holds(start + span)
    assert all(earlier.last + ONE_DAY == later.first for earlier, later in pairwise(begun))
    assert [window.index for window in begun] == list(range(len(begun)))
    assert all(windows.holding(day) == window for window in begun for day in (window.first, window.last))


@given(days, spans, st.lists(spans), policies)
def test_what_is_missing_is_found_by_looking_into_every_window(
    start: date, span: timedelta, served: list[timedelta], policy: WindowPolicy
) -> None:
    windows, today = Windows(start, policy), start + span
    served_on = [start + each for each in served]
    expected = [
        window
        for window in windows.begun_by(today)
        if window.last < today and not any(window.holds(day) for day in served_on)
    ]
    assert list(windows.missing(served_on, today)) == expected
    assert set(expected) <= set(windows.owed(served_on, today))


@given(days, spans, policies)
def test_no_deadline_moves_back_when_the_case_is_dispatched_again(
    start: date, until_again: timedelta, policy: WindowPolicy
) -> None:
    again = start + until_again
    before, after = windows_of([start], policy).holding(again), windows_of([start, again], policy).holding(again)
    assert before is not None
    assert after is not None
    assert after.first == again
    assert after.last >= before.last


@given(days, spans, st.lists(spans), spans, policies)
def test_no_deadline_moves_back_when_a_record_is_added(
    start: date, span: timedelta, served: list[timedelta], added: timedelta, policy: WindowPolicy
) -> None:
    windows, today = Windows(start, policy), start + span
    served_on = [start + each for each in served]
    before = windows.owed(served_on, today)
    after = windows.owed([*served_on, start + added], today)
    assert set(after) <= set(before)
