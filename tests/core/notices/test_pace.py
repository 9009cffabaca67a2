"""How fast requests may leave over all workers, and how a channel that is slowed speeds up again."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.notices import pace
from core.notices.pace import Pace

NOW = datetime(2026, 3, 4, 2, 0, tzinfo=UTC)
FULL = 1800


def seconds(number: float) -> timedelta:
    return timedelta(seconds=number)


@pytest.mark.parametrize(
    ("ahead", "wanted", "cost"),
    [
        (None, 100, 100),
        (-60, 100, 100),
        (0, 100, 100),
        (0, 500, 180),
        (0.05, 100, 90),
        (0.1, 100, 0),
        (5, 100, 0),
        (61, 100, 100),
    ],
)
def test_requests_are_booked_one_behind_another_a_tenth_of_a_second_ahead(
    ahead: float | None, wanted: int, cost: int
) -> None:
    line = Pace(None if ahead is None else NOW + seconds(ahead))
    granted = pace.grant(line, wanted, NOW, FULL)
    assert granted.cost == cost
    assert (granted.wait > 0) is (cost == 0)


def test_a_free_line_lets_something_through_however_slow_it_is() -> None:
    line = Pace(NOW, NOW, 1)
    assert pace.grant(line, 100, NOW, FULL).cost == 1
    assert pace.grant(Pace(NOW + seconds(1), NOW, 1), 100, NOW, FULL) == pace.Grant(0, NOW + seconds(1), 1.0)


@given(st.lists(st.tuples(st.floats(0, 0.2), st.integers(1, 400)), max_size=60))
def test_in_no_second_more_leaves_than_line_takes(asked: list[tuple[float, int]]) -> None:
    line, now = Pace(), NOW
    booked: list[tuple[datetime, int]] = []
    for after, wanted in asked:
        now += seconds(after)
        granted = pace.grant(line, wanted, now, FULL)
        line = Pace(granted.free_at)
        booked.append((now, granted.cost))
    for begin, _ in booked:
        assert sum(cost for at, cost in booked if begin <= at < begin + seconds(1)) <= 2000


def test_being_told_to_slow_down_halves_the_rate_and_rests_a_second() -> None:
    slower = pace.slowed(Pace(NOW), NOW, FULL)
    assert slower == Pace(NOW + seconds(1), NOW, 900)
    assert pace.slowed(slower, NOW + seconds(0.999), FULL) == slower
    assert pace.slowed(slower, NOW + seconds(1), FULL).rate == 455


@pytest.mark.parametrize(("minutes", "rate"), [(0, 100), (1, 200), (2, 400), (4, 1600), (5, 1800), (10_000, 1800)])
def test_the_rate_doubles_with_every_minute(minutes: float, rate: float) -> None:
    assert pace.speed(Pace(NOW, NOW, 100), NOW + timedelta(minutes=minutes), FULL) == rate


def test_the_rate_never_falls_to_nothing() -> None:
    line = Pace(NOW, NOW - seconds(2), 1)
    assert pace.slowed(line, NOW, FULL).rate == 1


def test_a_clock_that_steps_back_stops_no_sending() -> None:
    hour_ahead = Pace(NOW + timedelta(hours=1), NOW + timedelta(hours=1), 10)
    assert pace.grant(hour_ahead, 1, NOW, FULL).cost == 1
    assert pace.slowed(hour_ahead, NOW, FULL).slowed_at == NOW
