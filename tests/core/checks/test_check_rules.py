"""CHK-1, CHK-2, CHK-10 as the rule book has them."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

import pytest

from core.checks import rules
from core.checks.models import CheckBucket, CheckState
from core.clock import TICK, taipei_moment
from core.duties.plans import DutyKind

ASSIGNED = taipei_moment(date(2022, 8, 5), time(14, 5))  # a Friday
DUE = taipei_moment(date(2022, 8, 6), time(14, 5))


def test_check_is_due_24_hours_after_it_was_assigned_to_the_minute_on_a_weekend_too() -> None:
    assert rules.due_at(ASSIGNED) == DUE


def test_waiting_check_owes_the_check() -> None:
    owing = rules.owed(CheckState.WAITING, ASSIGNED, None, 24)
    assert owing is not None
    assert (owing.kind, owing.counted_from, owing.due_at) == (DutyKind.CHECK, ASSIGNED, DUE)


@pytest.mark.parametrize("hours", [24, 48])
def test_returned_check_is_due_as_many_hours_after_the_return_as_the_policy_says(hours: int) -> None:
    returned = ASSIGNED + timedelta(days=3)
    owing = rules.owed(CheckState.RETURNED, ASSIGNED, returned, hours)
    assert owing is not None
    assert (owing.kind, owing.counted_from) == (DutyKind.RETURNED_CHECK, returned)
    assert owing.due_at == returned + timedelta(hours=hours)


def test_checked_one_owes_nothing() -> None:
    assert rules.owed(CheckState.CHECKED, ASSIGNED, None, 24) is None


@pytest.mark.parametrize(("now", "bucket"), [(DUE, CheckBucket.WAITING), (DUE + TICK, CheckBucket.LATE)])
def test_check_is_late_one_tick_after_its_due_moment(now: datetime, bucket: CheckBucket) -> None:
    assert rules.bucket(CheckState.WAITING, None, DUE, now) is bucket


@pytest.mark.parametrize("now", [DUE, DUE + TICK])
def test_returned_check_counts_as_returned_late_or_not(now: datetime) -> None:
    assert rules.bucket(CheckState.RETURNED, None, DUE, now) is CheckBucket.RETURNED


@pytest.mark.parametrize(
    ("has_need", "bucket"),
    [(True, CheckBucket.WITH_NEED), (False, CheckBucket.WITHOUT_NEED), (None, CheckBucket.NEED_UNKNOWN)],
)
def test_checked_one_counts_by_its_result(has_need: bool | None, bucket: CheckBucket) -> None:
    assert rules.bucket(CheckState.CHECKED, has_need, None, DUE) is bucket
