"""The jobs about opened cases: windows that begin, the audit of the 1st."""

from __future__ import annotations

from datetime import datetime

from core.context import Core
from core.records import audits, following
from scheduler.batches import in_batches

SERVICES_A_BATCH = 20
UNITS_A_BATCH = 5


def open_windows(core: Core, now: datetime) -> int:
    """Open the duties of all windows that began by ``now``; return of how many services (REC-1)."""
    return in_batches(core, now, "open_windows", following.open_windows, SERVICES_A_BATCH)


def audit_records(core: Core, now: datetime) -> int:
    """Audit every unit for this month's 1st, once; return how many units lacked something (REC-3)."""
    open_windows(core, now)  # what ended yesterday must be owed before it is looked for
    return in_batches(core, now, "audit_records", audits.audit_units, UNITS_A_BATCH)
