"""Batch after batch: each in a transaction of its own, until nothing is left."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime

from core.access import system
from core.audit import Door
from core.clock import FixedClock
from core.context import Context, Core
from core.failpoints import passing

BATCHES = 2000  # a bound: what is left after so many comes with the next run


def in_batches(core: Core, now: datetime, name: str, work: Callable[[Context, int], int], size: int) -> int:
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
