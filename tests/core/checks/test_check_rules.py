"""CHK-1, CHK-2, CHK-8, CHK-10 as the rule book has them."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

import pytest

from core.checks import rules
from core.checks.models import CheckBucket, CheckState
from core.checks.refusals import CheckRefusal as Refused
from core.checks.rules import Child
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
    assert rules.owed(CheckState.CHECKED, ASSIGNED, DUE, 24) is None


def test_returned_check_whose_return_is_not_known_owes_nothing() -> None:
    assert rules.owed(CheckState.RETURNED, ASSIGNED, None, 24) is None


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


BORN, OTHER_DAY = date(2012, 5, 1), date(2012, 5, 2)


@pytest.mark.parametrize(
    ("one", "other", "is_same"),
    [
        (Child("a", "x", BORN), Child("a", "y", OTHER_DAY), True),  # the national ID alone decides
        (Child("a", "x", BORN), Child("b", "x", BORN), False),
        (Child("a", "x", BORN), Child(None, "x", BORN), True),  # one has none: the name decides
        (Child("a", "x", BORN), Child(None, "y", BORN), False),
        (Child(None, "x", BORN), Child(None, "x", BORN), True),
        (Child(None, "x", BORN), Child(None, "y", BORN), False),
        (Child(None, "x", BORN), Child(None, "x", OTHER_DAY), False),
        (Child(None, "x", BORN), Child(None, "x", None), True),
        (Child(None, "x", None), Child(None, "x", None), True),
        (Child(None, "x", None), Child(None, "y", None), False),
    ],
)
def test_two_checks_are_of_one_child_by_national_id_else_by_name_and_birth(
    one: Child, other: Child, *, is_same: bool
) -> None:
    assert rules.same_child(one, other) is is_same
    assert rules.same_child(other, one) is is_same


@pytest.mark.parametrize(
    ("state", "reason", "is_own", "broken"),
    [
        (CheckState.CHECKED, "請補充家中情形", False, []),
        (CheckState.WAITING, "請補充家中情形", False, ["not_checked"]),
        (CheckState.RETURNED, "請補充家中情形", False, ["not_checked"]),
        (CheckState.CHECKED, "　", False, ["no_return_reason"]),
        (CheckState.CHECKED, "字" * 999, False, []),
        (CheckState.CHECKED, "字" * 1000, False, []),
        (CheckState.CHECKED, "字" * 1001, False, ["long_return_reason"]),
        (CheckState.CHECKED, "字" * 1002, False, ["long_return_reason"]),
        (CheckState.CHECKED, "請補充家中情形", True, ["own_form"]),
        (CheckState.WAITING, "", True, ["not_checked", "no_return_reason", "own_form"]),
    ],
)
def test_a_return_says_all_it_breaks(state: CheckState, reason: str, *, is_own: bool, broken: list[str]) -> None:
    found = rules.broken_by_return(state, reason, is_own=is_own)
    expected = {
        "not_checked": Refused.NOT_CHECKED.broken(state=state.label),
        "no_return_reason": Refused.NO_RETURN_REASON.broken(),
        "long_return_reason": Refused.LONG_RETURN_REASON.broken(length=str(len(reason)), at_most="1000"),
        "own_form": Refused.OWN_FORM.broken(),
    }
    assert found == tuple(expected[each] for each in broken)
