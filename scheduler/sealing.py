"""Sealing what older versions, which may still run beside this one, write readable (A61)."""

from __future__ import annotations

from datetime import datetime

from core.context import Core
from core.sealing import seal_births
from scheduler.batches import in_batches

ROWS_A_BATCH = 500


def seal_readable(core: Core, now: datetime) -> int:
    """Seal days of birth that stand readable; return how many."""
    return in_batches(core, now, seal_births.__name__, seal_births, ROWS_A_BATCH)
