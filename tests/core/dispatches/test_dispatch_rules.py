"""REPLY-1, REPLY-2, REPLY-11 and REC-7 as the rule book has them."""

from __future__ import annotations

from datetime import date, datetime, time

import pytest

from core.clock import TICK, end_of_day, start_of_day, taipei_moment
from core.dispatches import rules
from core.dispatches.models import CaseLight, DispatchBucket, DispatchState, Opening
from core.dispatches.rules import Part
from core.duties.plans import DutyKind

DISPATCHED = date(2022, 7, 28)
DUE = end_of_day(date(2022, 8, 7))
LATE = DUE + TICK


def test_reply_is_due_ten_days_after_dispatch_holidays_counted() -> None:
    assert rules.due_on(DISPATCHED) == date(2022, 8, 7)  # a Sunday


def test_waiting_dispatch_owes_the_reply_until_the_end_of_the_day() -> None:
    owing = rules.owed(DispatchState.WAITING, DISPATCHED, None, 3)
    assert owing is not None
    assert (owing.kind, owing.counted_from, owing.due_at) == (DutyKind.REPLY, start_of_day(DISPATCHED), DUE)


@pytest.mark.parametrize(
    ("returned_at", "due"),
    [(time(0, 0), date(2022, 8, 13)), (time(23, 59), date(2022, 8, 13))],
)
def test_returned_reply_is_due_three_days_after_the_day_of_the_return_in_taipei(returned_at: time, due: date) -> None:
    owing = rules.owed(DispatchState.RETURNED, DISPATCHED, taipei_moment(date(2022, 8, 10), returned_at), 3)
    assert owing is not None
    assert (owing.kind, owing.due_at) == (DutyKind.RETURNED_REPLY, end_of_day(due))


@pytest.mark.parametrize("state", [DispatchState.ANSWERED, DispatchState.CLOSED])
def test_settled_dispatch_owes_nothing(state: DispatchState) -> None:
    assert rules.owed(state, DISPATCHED, None, 3) is None


@pytest.mark.parametrize(
    ("state", "now", "bucket"),
    [
        (DispatchState.WAITING, DUE, DispatchBucket.WAITING),
        (DispatchState.WAITING, LATE, DispatchBucket.LATE),
        (DispatchState.RETURNED, DUE, DispatchBucket.RETURNED),
        (DispatchState.RETURNED, LATE, DispatchBucket.RETURNED_LATE),
        (DispatchState.ANSWERED, LATE, DispatchBucket.ANSWERED),
        (DispatchState.CLOSED, LATE, DispatchBucket.CLOSED),
    ],
)
def test_dispatch_counts_in_one_bucket_and_is_late_one_tick_after_its_due_day(
    state: DispatchState, now: datetime, bucket: DispatchBucket
) -> None:
    assert rules.bucket(state, DUE, now) is bucket


@pytest.mark.parametrize("bucket", DispatchBucket)
def test_everything_is_answered_when_all_four_buckets_are_empty(bucket: DispatchBucket) -> None:
    none = dict.fromkeys(DispatchBucket, 0)
    owed = {DispatchBucket.WAITING, DispatchBucket.LATE, DispatchBucket.RETURNED, DispatchBucket.RETURNED_LATE}
    assert rules.everything_answered(none)
    assert rules.everything_answered(none | {bucket: 1}) is (bucket not in owed)


OPENED = Part(DispatchState.ANSWERED, Opening.NEW)
NOT_OPENED = Part(DispatchState.ANSWERED, Opening.NOT_OPEN)
CLOSED = Part(DispatchState.CLOSED, Opening.NEW)


@pytest.mark.parametrize(
    ("parts", "light"),
    [
        ((Part(DispatchState.WAITING),), CaseLight.R),
        ((Part(DispatchState.RETURNED, Opening.NEW),), CaseLight.R),
        ((OPENED, Part(DispatchState.WAITING)), CaseLight.R),
        ((OPENED, NOT_OPENED), CaseLight.Y),
        ((Part(DispatchState.ANSWERED, Opening.REOPENED), CLOSED), CaseLight.Y),
        ((Part(DispatchState.ANSWERED, Opening.IN_PROGRESS),), CaseLight.Y),
        ((NOT_OPENED, CLOSED), CaseLight.G),
        ((Part(DispatchState.ANSWERED),), CaseLight.G),
    ],
)
def test_case_is_red_while_a_reply_is_owed_yellow_while_a_unit_has_it_open_else_green(
    parts: tuple[Part, ...], light: CaseLight
) -> None:
    assert rules.case_light(parts) is light
