"""How times and weeks are reckoned on the watch pages. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from itertools import pairwise

WEEKS_AHEAD = 8
ONE_DAY, ONE_WEEK = timedelta(days=1), timedelta(weeks=1)
MEDIAN, NINETIETH = 50, 90
WHOLE = 100


@dataclass(frozen=True)
class Span:
    """Some days, both named ones among them; ``last`` is None for all days from the first on."""

    first: date
    last: date | None


def weeks_ahead(today: date) -> tuple[Span, ...]:
    """Return the weeks to come: the rest of this one, whole ones from Monday on, and all that is later."""
    monday = today + ONE_DAY * (7 - today.weekday())
    starts = [today, *(monday + ONE_WEEK * number for number in range(WEEKS_AHEAD))]
    spans = [Span(first, after - ONE_DAY) for first, after in pairwise(starts)]
    return (*spans, Span(starts[-1], None))


def place_of(percent: int, count: int) -> int:
    """Return which of so many values in order, the first being 0, is the percentile: the nearest rank, never between.

    Nine tenths of the values are no greater than the 90th percentile. ``count`` is at least 1.
    """
    return max(-(-percent * count // WHOLE), 1) - 1


def share(part: int, rest: int) -> int | None:
    """Return a part of part and rest in percent, rounded down so that 100 means all; None where there is neither."""
    return WHOLE * part // (part + rest) if part + rest else None
