"""A page of a list: a few rows, and how many there are in all."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Generic, TypeVar

ROWS_AT_MOST = 50

T = TypeVar("T")


@dataclass(frozen=True)
class Page(Generic[T]):
    """Some rows of a list, from ``start`` on; ``total`` counts the whole list by the same condition (DUTY-2)."""

    total: int
    rows: tuple[T, ...]
    start: int = 0

    @property
    def next_start(self) -> int | None:
        """Where the next page begins, or None when this is the last."""
        end = self.start + len(self.rows)
        return end if self.rows and end < self.total else None


def clamped(limit: int) -> int:
    """Return a page length that no caller can make endless."""
    return max(1, min(limit, ROWS_AT_MOST))
