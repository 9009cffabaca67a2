"""A process that runs for long looks for garbage seldom, and finds it."""

from __future__ import annotations

import gc
import weakref
from collections.abc import Iterator

import pytest

from bot.memory import LOOK_AFTER, settle_in


class Circle:
    """Holds itself."""

    def __init__(self) -> None:
        self.me = self


@pytest.fixture(autouse=True)
def as_it_was() -> Iterator[None]:
    before = gc.get_threshold()
    yield
    gc.unfreeze()
    gc.set_threshold(*before)


def test_what_is_loaded_is_looked_through_no_more() -> None:
    settle_in()
    assert gc.get_freeze_count() > LOOK_AFTER
    assert gc.get_threshold()[0] == LOOK_AFTER


def test_garbage_from_before_is_gone() -> None:
    gone = weakref.ref(Circle())
    settle_in()
    assert gone() is None


def test_garbage_made_later_is_found() -> None:
    settle_in()
    gone = weakref.ref(Circle())
    kept = [[] for _ in range(LOOK_AFTER + 1)]  # type: list[list[int]]
    assert (gone(), len(kept)) == (None, LOOK_AFTER + 1)
