"""A process that runs for long looks for garbage seldom, and finds it; its threads take short turns."""

from __future__ import annotations

import gc
import sys
import weakref
from collections.abc import Iterator

import pytest

from bot.long_run import LOOK_AFTER, TURN, settle_in

PYTHONS_OWN = 0.005  # seconds


class Circle:
    """Holds itself."""

    def __init__(self) -> None:
        self.me = self


@pytest.fixture(autouse=True)
def as_it_was() -> Iterator[None]:
    before, turn = gc.get_threshold(), sys.getswitchinterval()
    sys.setswitchinterval(PYTHONS_OWN)
    yield
    sys.setswitchinterval(turn)
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


def test_a_thread_that_was_answered_waits_for_a_short_turn_only() -> None:
    settle_in()
    assert sys.getswitchinterval() == pytest.approx(TURN)
