"""What became of the events that came lately, in numbers: for operators, whichever process handled them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from statistics import quantiles

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from core.inbox.models import Conversation, EventState, InboxEvent

LATELY = timedelta(minutes=5)
LOOKED_AT = 5_000  # a bound; a busy city sends less in five minutes


@dataclass(frozen=True)
class EventCount:
    """How many events of a kind that came lately stand in a state."""

    kind: str
    state: EventState
    count: int


@dataclass(frozen=True)
class Handling:
    """How many seconds lately passed from the webhook until an event was handled and its answer in the outbox."""

    count: int
    median: float
    slow: float
    """One in a hundred took longer."""


def by_kind(session: Session, now: datetime) -> tuple[EventCount, ...]:
    """Return how many events came within the last five minutes, by kind and state."""
    rows = session.execute(
        select(InboxEvent.kind, InboxEvent.state, func.count())
        .where(InboxEvent.received_at > now - LATELY)
        .group_by(InboxEvent.kind, InboxEvent.state)
        .order_by(InboxEvent.kind, InboxEvent.state)
    )
    return tuple(EventCount(*row) for row in rows)


def waiting(session: Session) -> int:
    """Return how many stored events are not handled yet: those of the people for whom something waits."""
    of_person = (InboxEvent.person == Conversation.person) & (InboxEvent.state == EventState.WAITING)
    pending = select(func.count()).select_from(Conversation).join(InboxEvent, of_person)
    return session.scalar(pending.where(Conversation.waiting_since.is_not(None))) or 0


def oldest(session: Session) -> datetime | None:
    """Return when the oldest event that is not handled yet came; None: nothing waits."""
    waiting = select(func.min(Conversation.waiting_since)).where(Conversation.waiting_since.is_not(None))
    return session.scalar(waiting)


def handling(session: Session, now: datetime) -> Handling:
    """Return how long the events that came within the last five minutes took until they were handled."""
    rows = session.execute(
        select(InboxEvent.received_at, InboxEvent.done_at)
        .where(InboxEvent.received_at > now - LATELY, InboxEvent.state == EventState.DONE)
        .order_by(InboxEvent.received_at.desc())
        .limit(LOOKED_AT)
    )
    took = [(row.done_at - row.received_at).total_seconds() for row in rows if row.done_at is not None]
    if not took:
        return Handling(0, 0, 0)
    hundredths = quantiles(took, n=100, method="inclusive") if len(took) > 1 else took * 99
    return Handling(len(took), hundredths[49], hundredths[98])
