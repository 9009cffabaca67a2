"""Whether the clock stepped: back, or forward by more than an hour (A44).

Nothing is said twice then, as what was told stands in the database; but stages come late, or early, by as much, so it
is an alarm. A step back is seen by the newest act of the audit, which may not lie in the future, and by whoever looks
at the clock every minute; a step forward by the latter alone. It is kept as an act of its own: every process knows.

Where several machines share one PostgreSQL, its clock is what theirs are held against. Apart by a minute, one takes
what another is still sending: replies come twice, and some that would be free are paid for.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from sqlalchemy import DateTime, func, select
from sqlalchemy.orm import Session

from core.audit import AuditRow
from core.context import Context
from core.database import is_sqlite

DRIFT = timedelta(minutes=1)  # clocks of several machines are never quite the same
APART = timedelta(seconds=10)  # far less than a lease, far more than a network takes
LEAP = timedelta(hours=1)  # a machine that slept that long is as bad as a clock that was set
REMEMBERED = timedelta(days=1)
SUBJECT = "clock"


class Step(StrEnum):
    """Which way the clock stepped; its value is the act in the audit."""

    BACK = "clock.back"
    FORWARD = "clock.forward"


@dataclass(frozen=True)
class Stepped:
    """A step, and by how much the clock is off what was expected."""

    way: Step
    by: timedelta


def behind(session: Session, now: datetime) -> timedelta:
    """Return how far the clock is behind the newest act; nothing where it is ahead, or within a minute."""
    newest = session.scalar(select(AuditRow.at).order_by(AuditRow.id.desc()).limit(1))
    gap = newest - now if newest is not None else timedelta()
    return gap if gap > DRIFT else timedelta()


def apart(session: Session, now: datetime) -> timedelta:
    """Return how far this machine's clock is ahead of the database server's, below nothing if it is behind; SQLite has
    none of its own.
    """
    if is_sqlite(session):
        return timedelta()
    return now - session.scalars(select(func.clock_timestamp(type_=DateTime(timezone=True)))).one()


def stepped(last: datetime, now: datetime) -> Stepped | None:
    """Return how the clock stepped between two looks a minute or so apart: None for a clock that just goes on."""
    if last - now > DRIFT:
        return Stepped(Step.BACK, last - now)
    return Stepped(Step.FORWARD, now - last) if now - last > LEAP else None


def note_step(ctx: Context, step: Stepped) -> None:
    """Keep in the audit that the clock stepped."""
    ctx.note(step.way.value, SUBJECT)


def steps(session: Session, now: datetime) -> dict[Step, int]:
    """Return how often the clock was seen to step within a day of now, by the way it went."""
    near = AuditRow.at.between(now - REMEMBERED, now + REMEMBERED)
    rows = session.execute(
        select(AuditRow.act, func.count()).where(AuditRow.subject == SUBJECT, near).group_by(AuditRow.act)
    )
    found = {Step(row[0]): row[1] for row in rows}
    return {way: found.get(way, 0) for way in Step}
