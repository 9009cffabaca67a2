"""Numbers of duties for operators: how many are owed and late, by kind, and how many reminders wait to be gathered."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import case, func, select
from sqlalchemy.orm import Session

from core.duties.models import Duty
from core.duties.plans import DutyKind


@dataclass(frozen=True)
class OwedOfKind:
    """How many duties of a kind are open, and how many of them are late."""

    kind: DutyKind
    owed: int
    late: int


def owed_by_kind(session: Session, now: datetime) -> tuple[OwedOfKind, ...]:
    """Return what is owed and late, a row a kind that is owed at all."""
    late = func.sum(case((Duty.due_at < now, 1), else_=0))
    rows = session.execute(select(Duty.kind, func.count(), late).where(Duty.ended_at.is_(None)).group_by(Duty.kind))
    return tuple(OwedOfKind(row[0], row[1], row[2]) for row in rows)


def ungathered(session: Session, now: datetime) -> int:
    """Return how many reminders have come due and were not gathered yet: near 0 while the sweep runs."""
    due = select(func.count()).where(Duty.ended_at.is_(None), Duty.remind_at <= now)
    return session.scalar(due) or 0
