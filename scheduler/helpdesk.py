"""The helpdesk's jobs: waiting times that run out, and files that are kept no longer."""

from __future__ import annotations

from datetime import datetime

from core.context import Core
from core.helpdesk import files, watching
from scheduler.batches import in_batches

REQUESTS_A_BATCH = 50
FILES_A_BATCH = 20


def ring_alarms(core: Core, now: datetime) -> int:
    """Tell of requests whose waiting time runs out, or has, by ``now``; return how many (HELP-6)."""
    return in_batches(core, now, "ring_alarms", watching.ring, REQUESTS_A_BATCH)


def forget_files(core: Core, now: datetime) -> int:
    """Delete the pictures and files that policy keeps no longer; return how many."""
    return in_batches(core, now, "forget_files", files.forget_files, FILES_A_BATCH)
