"""The jobs about opened cases: windows that begin, the audit of the 1st, graduates, the looks before a semester."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from core.access import system
from core.audit import Door
from core.clock import FixedClock
from core.closures import following as following_closing
from core.closures import looks
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


def follow_graduates(core: Core, now: datetime) -> int:
    """Open what graduates owe from 1 July on; return how many there were (CLOSE-4)."""
    at_now, seen, opened = replace(core, clock=FixedClock(now)), 0, 0
    while True:
        with at_now.transaction(system("follow_graduates"), Door.JOB) as ctx:
            looked = following_closing.follow_graduates(ctx, seen, SERVICES_A_BATCH)
        if not looked.last:
            return opened
        seen, opened = looked.last, opened + looked.opened


def look_before_semester(core: Core, now: datetime) -> int:
    """Ask every unit with open cases to look them over before a semester, once; return how many (CLOSE-12)."""
    return in_batches(core, now, "look_before_semester", looks.look_over_units, UNITS_A_BATCH)
