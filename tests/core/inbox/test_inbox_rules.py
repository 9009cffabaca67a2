"""What becomes of an event that comes, at both edges (A3, A11)."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from core.inbox import rules
from core.inbox.rules import Minute, Way
from core.policy import Policy

NOW = datetime(2026, 3, 4, 2, 0, tzinfo=UTC)
TICK = timedelta(microseconds=1)
MINUTE = timedelta(minutes=1)
POLICY = Policy()


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (None, Minute(NOW, 1)),
        (Minute(NOW, 1), Minute(NOW, 2)),
        (Minute(NOW - MINUTE + TICK, 30), Minute(NOW - MINUTE + TICK, 31)),
        (Minute(NOW - MINUTE, 30), Minute(NOW, 1)),
        (Minute(NOW - MINUTE - TICK, 30), Minute(NOW, 1)),
    ],
)
def test_a11_messages_are_counted_by_the_minute_that_began_with_the_first(before: Minute | None, after: Minute) -> None:
    assert rules.one_more(before, NOW) == after


@pytest.mark.parametrize(
    ("count", "way"), [(1, Way.HANDLE), (30, Way.HANDLE), (31, Way.SLOW_DOWN), (32, Way.DROP), (1000, Way.DROP)]
)
def test_a11_thirty_are_handled_the_next_is_answered_and_the_rest_is_dropped(count: int, way: Way) -> None:
    assert rules.way(Minute(NOW, count), POLICY) is way


def test_a11_how_many_is_policy() -> None:
    odd = Policy(inbox_a_minute=31)
    assert [rules.way(Minute(NOW, count), odd) for count in (31, 32, 33)] == [Way.HANDLE, Way.SLOW_DOWN, Way.DROP]


@pytest.mark.parametrize(
    ("before", "number", "may_be"),
    [
        (None, 30, False),
        (None, 31, True),
        (Minute(NOW, 29), 1, False),
        (Minute(NOW, 29), 2, True),
        (Minute(NOW - MINUTE + TICK, 30), 1, True),
        (Minute(NOW - MINUTE, 30), 1, False),
    ],
)
def test_a11_only_where_so_many_more_may_be_too_many_it_is_asked_what_is_known(
    before: Minute | None, number: int, *, may_be: bool
) -> None:
    assert rules.may_be_too_many(before, number, NOW, POLICY) is may_be


@pytest.mark.parametrize(
    ("age", "is_old"),
    [(timedelta(days=30), False), (timedelta(days=30) + TICK, True), (-timedelta(days=365), False)],
)
def test_a3_what_is_older_than_ids_are_kept_is_too_old(age: timedelta, is_old: bool) -> None:
    assert rules.is_too_old(NOW - age, NOW, POLICY) is is_old
