"""CHK-1, CHK-2, CHK-10: what a meal-station check owes, and in which bucket it counts."""

from __future__ import annotations

from datetime import datetime, timedelta

from core.checks.models import CheckBucket, CheckState
from core.duties.owing import Owing
from core.duties.plans import DutyKind
from core.duties.rules import is_late

CHECK_HOURS = 24  # CHK-1: nights and holidays count


def due_at(assigned_at: datetime) -> datetime:
    """Return when a check is due: 24 hours after it was assigned, to the minute (CHK-1)."""
    return assigned_at + timedelta(hours=CHECK_HOURS)


def returned_due_at(returned_at: datetime, hours: int) -> datetime:
    """Return when a returned check is due again: ``hours`` (policy) after the return (CHK-10)."""
    return returned_at + timedelta(hours=hours)


def owed(state: CheckState, assigned_at: datetime, returned_at: datetime | None, returned_hours: int) -> Owing | None:
    """Return what a check in this state owes, or None (CHK-1, CHK-10)."""
    if state is CheckState.WAITING:
        return Owing(DutyKind.CHECK, assigned_at, due_at(assigned_at))
    if state is CheckState.RETURNED and returned_at is not None:
        return Owing(DutyKind.RETURNED_CHECK, returned_at, returned_due_at(returned_at, returned_hours))
    return None


def bucket(state: CheckState, has_need: bool | None, due: datetime | None, now: datetime) -> CheckBucket:
    """Return the one bucket a check counts in (CHK-2); ``due`` is its open duty's last moment."""
    if state is CheckState.WAITING:
        return CheckBucket.LATE if due is not None and is_late(due, now) else CheckBucket.WAITING
    if state is CheckState.RETURNED:
        return CheckBucket.RETURNED
    if has_need is None:
        return CheckBucket.NEED_UNKNOWN
    return CheckBucket.WITH_NEED if has_need else CheckBucket.WITHOUT_NEED
