"""Pages lead on to the next until nothing is left."""

from __future__ import annotations

import pytest

from core.paging import ROWS_AT_MOST, Page, clamped


@pytest.mark.parametrize(
    ("total", "rows", "start", "following"),
    [(3, (1, 2), 0, 2), (3, (3,), 2, None), (2, (1, 2), 0, None), (0, (), 0, None), (5, (), 9, None)],
)
def test_next_page_begins_where_this_one_ends(
    total: int, rows: tuple[int, ...], start: int, following: int | None
) -> None:
    assert Page(total, rows, start).next_start == following


@pytest.mark.parametrize(("asked", "given"), [(0, 1), (-5, 1), (50, 50), (51, ROWS_AT_MOST), (10**9, ROWS_AT_MOST)])
def test_no_page_is_endless(asked: int, given: int) -> None:
    assert clamped(asked) == given
