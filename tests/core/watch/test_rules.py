"""How times and weeks are reckoned on the watch pages."""

from __future__ import annotations

from datetime import date
from itertools import pairwise

import pytest

from core.watch.rules import MEDIAN, NINETIETH, Span, place_of, share, weeks_ahead


@pytest.mark.parametrize(
    ("percent", "count", "place"),
    [
        (50, 1, 0),
        (90, 1, 0),
        (50, 2, 0),
        (50, 3, 1),
        (50, 4, 1),
        (90, 9, 8),
        (90, 10, 8),
        (90, 11, 9),
        (90, 100, 89),
        (0, 5, 0),
    ],
)
def test_a_percentile_is_the_value_of_the_nearest_rank(percent: int, count: int, place: int) -> None:
    assert place_of(percent, count) == place
    assert (place + 1) * 100 >= percent * count
    assert place * 100 <= percent * count


def test_the_middle_and_nine_tenths_are_shown() -> None:
    assert (MEDIAN, NINETIETH) == (50, 90)


@pytest.mark.parametrize(
    ("part", "rest", "percent"), [(0, 0, None), (1, 0, 100), (0, 1, 0), (1, 1, 50), (2, 1, 66), (999, 1, 99)]
)
def test_a_share_is_all_only_when_it_is_all(part: int, rest: int, percent: int | None) -> None:
    assert share(part, rest) == percent


@pytest.mark.parametrize("today", [date(2026, 3, 2), date(2026, 3, 4), date(2026, 3, 8)])
def test_the_weeks_ahead_hold_every_day_from_today_once(today: date) -> None:
    spans = weeks_ahead(today)
    assert len(spans) == 9
    assert spans[0] == Span(today, date(2026, 3, 8))
    assert spans[1] == Span(date(2026, 3, 9), date(2026, 3, 15))
    for before, after in pairwise(spans):
        assert before.last is not None
        assert (after.first - before.last).days == 1
    assert spans[-1].last is None
