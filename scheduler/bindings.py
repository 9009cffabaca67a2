"""Bindings end with their account: its permissions and its place on a phone stop by themselves (ACC-6)."""

from __future__ import annotations

from datetime import datetime

from core.accounts import links
from core.context import Core
from scheduler.batches import in_batches

BINDINGS_A_BATCH = 100


def end_bindings(core: Core, now: datetime) -> int:
    """End the bindings of accounts that are disabled or over by ``now``; return how many there were."""
    return in_batches(core, now, "end_bindings", lambda ctx, _: links.end_bindings_of_ended(ctx), BINDINGS_A_BATCH)
