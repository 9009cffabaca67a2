"""Whether the clock stepped back: the newest act of the audit may not lie in the future (A44).

Nothing is said twice then, as what was told stands in the database; but stages come late by as much, so it is an alarm.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from core.audit import AuditRow

DRIFT = timedelta(minutes=1)  # clocks of several machines are never quite the same


def behind(session: Session, now: datetime) -> timedelta:
    """Return how far the clock is behind the newest act; nothing where it is ahead, or within a minute."""
    newest = session.scalar(select(AuditRow.at).order_by(AuditRow.id.desc()).limit(1))
    gap = newest - now if newest is not None else timedelta()
    return gap if gap > DRIFT else timedelta()
