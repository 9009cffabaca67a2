from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.clock import TICK
from core.machines.rules import (
    LEASE,
    REMEMBERED,
    Admitted,
    Again,
    Kept,
    Wait,
    admit,
    found_again,
    is_challenge,
    is_mark,
    is_name,
)
from core.policy import Policy

NOW = datetime(2026, 3, 4, 2, 0, tzinfo=UTC)
SECOND = timedelta(seconds=1)
PACE = Policy(api_calls_a_minute=60, api_calls_at_once=3)
"""One a second, three at once."""


def calls(*seconds: float) -> list[bool]:
    """Let a key call at these seconds; return which calls were taken in."""
    full_until, taken = None, []
    for second in seconds:
        found = admit(full_until, NOW + second * SECOND, PACE)
        taken.append(isinstance(found, Admitted))
        full_until = found.full_until if isinstance(found, Admitted) else full_until
    return taken


def test_after_a_pause_so_many_calls_are_taken_in_at_once_and_then_one_a_second() -> None:
    assert calls(0, 0, 0, 0, 1, 1, 2, 10, 10, 10, 10) == [
        True, True, True, False, True, False, True, True, True, True, False,
    ]  # fmt: skip


def test_a_refused_call_is_taken_in_at_the_moment_it_was_told_and_not_a_tick_before() -> None:
    full_until = NOW + 3 * SECOND
    refused = admit(full_until, NOW, PACE)
    assert refused == Wait(NOW + SECOND)
    assert isinstance(admit(full_until, NOW + SECOND - TICK, PACE), Wait)
    assert isinstance(admit(full_until, NOW + SECOND, PACE), Admitted)


def test_a_clock_that_stepped_back_costs_one_burst_at_most() -> None:
    assert admit(NOW + timedelta(days=3), NOW, PACE) == Wait(NOW + SECOND)


@given(st.lists(st.floats(0, 30), max_size=60).map(sorted))
def test_in_no_minute_more_is_taken_in_than_the_burst_and_what_the_time_gives(seconds: list[float]) -> None:
    taken = [second for second, is_in in zip(seconds, calls(*seconds), strict=True) if is_in]
    for index, first in enumerate(taken):
        for count, last in enumerate(taken[index:], 1):
            assert count <= PACE.api_calls_at_once + (last - first) + 1e-3


def kept(age: timedelta, *, answered: bool) -> Kept:
    return Kept("request", NOW - age, is_answered=answered)


@pytest.mark.parametrize(
    ("what", "request_now", "found"),
    [
        (kept(timedelta(), answered=True), "request", Again.ANSWERED),
        (kept(REMEMBERED - TICK, answered=True), "request", Again.ANSWERED),
        (kept(REMEMBERED, answered=True), "request", Again.OVER),
        (kept(REMEMBERED - TICK, answered=True), "another", Again.OTHER),
        (kept(REMEMBERED - TICK, answered=True), "some other", Again.OTHER),
        (kept(REMEMBERED, answered=True), "another", Again.OVER),
        (kept(REMEMBERED + TICK, answered=True), "request", Again.OVER),
        (kept(LEASE - TICK, answered=False), "request", Again.UNDER_WAY),
        (kept(LEASE, answered=False), "request", Again.OVER),
        (kept(LEASE + TICK, answered=False), "request", Again.OVER),
        (kept(timedelta(), answered=False), "another", Again.OTHER),
    ],
)
def test_what_a_write_finds_under_its_mark(what: Kept, request_now: str, found: Again) -> None:
    assert found_again(what, request_now, NOW) is found


def test_an_answer_is_remembered_for_a_day_and_a_write_left_after_a_minute() -> None:
    assert (timedelta(days=1), timedelta(minutes=1)) == (REMEMBERED, LEASE)


@pytest.mark.parametrize("name", ["a", "main-system", "a.b-9", "x" * 40])
def test_a_key_may_be_named_so(name: str) -> None:
    assert is_name(name)


@pytest.mark.parametrize("name", ["", "A", "-a", "a-", "a b", "主系統", "x" * 41, "a\n", "９"])
def test_a_key_may_not_be_named_so(name: str) -> None:
    assert not is_name(name)


@pytest.mark.parametrize(("mark", "is_one"), [("x" * 200, True), ("x" * 201, False), ("", False), ("a b", False),
                                              ("a\n", False), ("é", False), ("!~", True)])  # fmt: skip
def test_a_mark_is_visible_ascii_of_200_characters_at_most(mark: str, *, is_one: bool) -> None:
    assert is_mark(mark) is is_one


@pytest.mark.parametrize(
    ("challenge", "is_one"),
    [("aZ0-_" + "x" * 38, True), ("x" * 42, False), ("x" * 44, False), ("x" * 42 + "=", False), ("", False)],
)
def test_a_challenge_is_43_signs_of_the_web(challenge: str, *, is_one: bool) -> None:
    assert is_challenge(challenge) is is_one
