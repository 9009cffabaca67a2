"""Numbers of exports, for operators."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from core.exports.models import Export

ALARM_LASTS = timedelta(hours=24)


def large_exports(session: Session, now: datetime) -> int:
    """Return how many files of the last 24 hours raised the alarm: 0 is the rule (A64)."""
    large = select(func.count()).where(Export.at > now - ALARM_LASTS, Export.is_large)
    return session.scalar(large) or 0
