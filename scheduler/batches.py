"""Batch after batch: each in a transaction of its own, until nothing is left."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import datetime
from functools import partial

from core.access import system
from core.audit import Door
from core.clock import FixedClock
from core.context import Context, Core
from core.failpoints import passing

BATCHES = 2000  # a bound: what is left after so many comes with the next run

Work = Callable[[Context, int], int]
"""Does up to so much in the caller's transaction, and returns how much there was, 0 when nothing is left."""


def by_two_hands(core: Core, now: datetime, name: str, begin: Callable[[], Work], size: int) -> int:
    """Do the work of one job as ``in_batches``, by two hands: one works while the other waits for the database.

    For work that holds what it takes and skips what is held, as two workers would. SQLite has one writer at a time, and
    one hand. ``begin`` returns the work of one hand.
    """
    each = partial(in_batches, core, now, name)
    if core.store.is_sqlite:
        return each(begin(), size)
    with ThreadPoolExecutor(1, "hand") as hand:
        other = hand.submit(each, begin(), size)
        return each(begin(), size) + other.result()


def in_batches(core: Core, now: datetime, name: str, work: Work, size: int) -> int:
    """Do the work of one job at ``now`` in batches of ``size``; return how much was done."""
    at_now = replace(core, clock=FixedClock(now))
    done = 0
    for _ in range(BATCHES):
        with at_now.transaction(system(name), Door.JOB) as ctx:
            handled = work(ctx, size)
            passing("jobs.working")
        passing("jobs.worked")
        done += handled
        if not handled:
            break
    return done
