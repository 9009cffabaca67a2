"""Lists that were sent to the desk and are kept no longer."""

from __future__ import annotations

from datetime import datetime

from core.context import Core
from core.imports import uploads
from scheduler.batches import in_batches

ROWS_A_BATCH = 50  # a row may hold a file


def forget_uploads(core: Core, now: datetime) -> int:
    """Delete the lists that came to the desk an hour before ``now``; return how many."""
    return in_batches(core, now, "forget_uploads", uploads.forget_uploads, ROWS_A_BATCH)
