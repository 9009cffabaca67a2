"""The jobs that tell duties: one transaction a batch, batch after batch until nothing is left."""

from __future__ import annotations

from datetime import datetime

from core.context import Core
from core.duties import reminders
from scheduler.batches import in_batches

DUTIES_A_BATCH = 20
DIGESTS_A_BATCH = 5  # each opens names and draws cards: on SQLite other writers wait while a batch works
BATCHES = 5000  # a bound: what is left after so many comes with the next run


def collect_reminders(core: Core, now: datetime) -> int:
    """Tell every duty whose moment has come by ``now``; return how many there were."""
    return in_batches(core, now, "collect_reminders", reminders.collect_reminders, DUTIES_A_BATCH)


def say_digests(core: Core, now: datetime) -> int:
    """Say every digest whose time has come by ``now``; return how many were looked at."""
    return in_batches(core, now, "say_digests", reminders.say_digests, DIGESTS_A_BATCH)
