"""Forgetting what is kept only so long: events, codes, link tokens, nonces, sessions; never the audit."""

from __future__ import annotations

from datetime import datetime, time

from core.clock import TAIPEI
from core.context import Core
from core.forgetting import FORGET
from scheduler.batches import in_batches

ROWS_A_BATCH = 500
NIGHT = time(2, 0), time(5, 0)
"""Taipei time: nobody waits for the database then, and backups have not begun."""


def forget_old(core: Core, now: datetime) -> int:
    """Delete at night what is older than policy keeps it; return how many rows. At other hours nothing."""
    begins, ends = NIGHT
    if not begins <= now.astimezone(TAIPEI).time() < ends:
        return 0
    return sum(in_batches(core, now, forget.__name__, forget, ROWS_A_BATCH) for forget in FORGET)
