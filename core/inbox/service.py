"""Handing stored events out one person at a time, in order. How they are stored is ``core/inbox/arriving.py``.

A conversation's row is its person's lock: a worker takes the row's lease, handles that person's waiting events in the
order they happened, each in its own transaction, and gives the lease back with the last one. An event that fails is
tried again later; after ``policy.inbox_tries`` failures it is set aside so that the person's next words get through.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import cast

from sqlalchemy import ColumnElement, Table, and_, bindparam, exists, or_, select
from sqlalchemy.orm import aliased

from core.context import Context
from core.inbox.models import Conversation, EventState, InboxEvent
from core.secrets import Sealed, new_token

LEASE = timedelta(seconds=30)  # a person's events wait so long if their worker dies
RETRY_WAIT = timedelta(seconds=5)
DATABASE_MAY_BE_AWAY = timedelta(minutes=10)  # so long after an event came what fails for that counts as no try of it
FOLLOWING = ("follow", "unfollow")
TALK = ("message", "postback")
"""What somebody does again and again, and waits for an answer to."""
THROTTLED, UNSENT = "throttled", "unsent"
LOOKED_THROUGH = 200


@dataclass(frozen=True)
class Lease:
    """A person whose events this worker alone may handle."""

    person: str
    token: str


@dataclass(frozen=True)
class StoredEvent:
    """An event taken out of the inbox to be handled."""

    id: int
    webhook_event_id: str
    kind: str
    body: Sealed
    """The event's JSON; opened by who handles it, so that one that cannot be opened counts as a failure of its own."""
    received_at: datetime
    is_throttled: bool = False
    """It is the first one too many of its minute, and gets the answer that says so (A11)."""
    is_last: bool = False
    """Nothing of its person waited behind it when it was taken out, and nothing can come until its transaction ends."""


def take_person(ctx: Context) -> Lease | None:
    """Take the lease of the person who has waited longest and whom nobody serves; None when nobody waits."""
    token = new_token()
    person = ctx.session.scalar(_TAKE_PERSON, {"now": ctx.now, "token": token, "until": ctx.now + LEASE})
    return None if person is None else Lease(person, token)


def next_event(ctx: Context, lease: Lease) -> tuple[Conversation, StoredEvent] | None:
    """Return the person's next waiting event, with their conversation locked; None ends the lease.

    None also when the lease was lost: whoever holds it now goes on.
    """
    conversation = _held(ctx, lease)
    if conversation is None:
        return None
    waiting = ctx.session.scalars(_WAITING, {"person": lease.person}).all()
    if not waiting:
        give_back(conversation)
        return None
    is_last = len(waiting) == 1
    if not is_last:
        conversation.lease_until = ctx.now + LEASE
    return conversation, _stored(waiting[0], is_last=is_last)


def give_back(conversation: Conversation) -> None:
    """End the lease of a conversation that ``next_event`` returned with its last event, in that event's transaction.

    The row is locked since before that event was found to be the last: whatever comes meanwhile waits to be stored,
    and finds nobody serving.
    """
    conversation.waiting_since = conversation.lease = conversation.lease_until = None


def is_first(ctx: Context, person: str, event: StoredEvent) -> bool:
    """Return whether nothing was heard of this person before this event."""
    return ctx.session.scalar(_EARLIER, {"person": person, "before": event.id}) is None


def is_stale(ctx: Context, person: str, event: StoredEvent) -> bool:
    """Return whether a block or its end came out of order: a later one of this person was handled before it (A5)."""
    if event.kind not in FOLLOWING:
        return False
    own = select(InboxEvent.happened_at).where(InboxEvent.id == event.id).scalar_subquery()
    later = (
        select(InboxEvent.id)
        .where(InboxEvent.person == person, InboxEvent.kind.in_(FOLLOWING), InboxEvent.happened_at > own)
        .where(InboxEvent.state == EventState.DONE)
        .limit(1)
    )
    return ctx.session.scalar(later) is not None


def erase_message(ctx: Context, person: str, said_in: Callable[[str], bool]) -> None:
    """Erase the content of a message its writer took back (A13); that there was one stays.

    ``said_in`` tells from a stored body whether it is the one. Only a person's newest events are looked through.
    """
    newest = ctx.session.scalars(
        select(InboxEvent)
        .where(InboxEvent.person == person, InboxEvent.kind == "message")
        .order_by(InboxEvent.id.desc())
        .limit(LOOKED_THROUGH)
    )
    for event in newest:
        if said_in(ctx.vault.open(event.body)):
            event.body, event.reason = ctx.vault.seal("{}"), UNSENT
            if event.state is EventState.WAITING:
                event.state, event.done_at = EventState.IGNORED, ctx.now
            return


def is_taken_back(ctx: Context, person: str, event: StoredEvent, takes_back: Callable[[str], bool]) -> bool:
    """Return whether a message came after the word that takes it back (A13): its content is then erased already.

    ``takes_back`` tells from the stored body of such a word whether it means this message.
    """
    if event.kind != "message":
        return False
    words = ctx.session.scalars(_TAKEN_BACK, {"person": person, "before": event.id})
    if not any(takes_back(ctx.vault.open(body)) for body in words):
        return False
    ctx.session.get_one(InboxEvent, event.id).body = ctx.vault.seal("{}")
    return True


def long_waiting(ctx: Context, limit: int) -> tuple[tuple[Conversation, StoredEvent], ...]:
    """Return what somebody has waited for so long that its reply token is about to die, each once; oldest first.

    Of several things somebody waits for it is the first, and no further one until that has its answer: who is told
    that it takes long is told of all of it. Nobody else is told of these: the rows are marked, and stay locked until
    the transaction ends.
    """
    now, policy = ctx.now, ctx.policy
    long_ago = now - timedelta(seconds=policy.still_working_seconds)
    too_late = now - timedelta(seconds=policy.reply_token_seconds)
    waiting = ctx.session.execute(
        select(InboxEvent, Conversation)
        .join(Conversation, Conversation.person == InboxEvent.person)
        .where(InboxEvent.state == EventState.WAITING, InboxEvent.kind.in_(TALK), InboxEvent.told_at.is_(None))
        .where(InboxEvent.received_at <= long_ago, InboxEvent.received_at > too_late)
        .where(~_is_told_with_another(too_late))
        .order_by(InboxEvent.received_at, InboxEvent.id)
        .limit(limit)
        .with_for_update(of=InboxEvent, skip_locked=True)
    ).all()
    for event, _ in waiting:
        event.told_at = now
    return tuple((conversation, _stored(event)) for event, conversation in waiting)


def _is_told_with_another(too_late: datetime) -> ColumnElement[bool]:
    """Return the condition that the same person waits for something that was told, or that is to be told first."""
    other = aliased(InboxEvent)
    comes_first = and_(other.id < InboxEvent.id, other.kind.in_(TALK), other.received_at > too_late)
    waits = (other.person == InboxEvent.person, other.state == EventState.WAITING)
    return exists().where(*waits, other.id != InboxEvent.id, or_(other.told_at.is_not(None), comes_first))


def was_told(ctx: Context, event_id: int) -> bool:
    """Return whether an event's reply token was spent on saying that the answer is to come; asked anew each time.

    The row is held from here on: nobody spends the token on that between this question and the answer's commit.
    """
    return ctx.session.scalar(_TOLD_AT, {"event_id": event_id}) is not None


def finish(ctx: Context, event_id: int, state: EventState, reason: str = "") -> None:
    """Mark an event handled, in the transaction that wrote its answers."""
    ctx.session.execute(_FINISH, {"event_id": event_id, "ends_in": state, "why": reason, "at": ctx.now})


def note_failure(
    ctx: Context, lease: Lease, event_id: int, reason: str, *, was_away: bool = False
) -> EventState | None:
    """Count a failed try; let the person wait a moment before the next, or set the event aside after the last.

    ``was_away``: the database could not be asked, which is no fault of the event's; one that is to blame for that all
    the same is set aside later. None when the lease was lost meanwhile: whoever holds it now decides about the event.
    """
    conversation = _held(ctx, lease)
    if conversation is None:
        return None
    event = ctx.session.get_one(InboxEvent, event_id)
    if not was_away or ctx.now - event.received_at >= DATABASE_MAY_BE_AWAY:
        event.tries += 1
    event.reason = reason
    if event.tries >= ctx.policy.inbox_tries:
        event.state, event.done_at = EventState.PARKED, ctx.now
    conversation.lease = None
    conversation.lease_until = ctx.now if event.state is EventState.PARKED else ctx.now + RETRY_WAIT
    return event.state


def _held(ctx: Context, lease: Lease) -> Conversation | None:
    """Return the person's conversation, locked, if the lease still holds."""
    return ctx.session.scalar(_HELD, {"person": lease.person, "token": lease.token})


def _stored(event: InboxEvent, *, is_last: bool = False) -> StoredEvent:
    return StoredEvent(
        event.id,
        event.webhook_event_id,
        event.kind,
        event.body,
        event.received_at,
        is_throttled=event.reason == THROTTLED,
        is_last=is_last,
    )


# Made once: every answer asks these.
_TALKS, _EVENTS = cast("Table", Conversation.__table__), cast("Table", InboxEvent.__table__)
_NEXT_PERSON = (
    select(_TALKS.c.person)
    .where(_TALKS.c.waiting_since <= bindparam("now"))
    .where(or_(_TALKS.c.lease_until.is_(None), _TALKS.c.lease_until <= bindparam("now")))
    .order_by(_TALKS.c.waiting_since)
    .limit(1)
    .with_for_update(skip_locked=True)
)
_TAKE_PERSON = (
    _TALKS.update()
    .where(_TALKS.c.person == _NEXT_PERSON.scalar_subquery())
    .values(lease=bindparam("token"), lease_until=bindparam("until"))
    .returning(_TALKS.c.person)
)
_HELD = (
    select(Conversation)
    .where(Conversation.person == bindparam("person"), Conversation.lease == bindparam("token"))
    .with_for_update()
)
_WAITING = (
    select(InboxEvent)
    .where(InboxEvent.person == bindparam("person"), InboxEvent.state == EventState.WAITING)
    .order_by(InboxEvent.happened_at, InboxEvent.id)
    .limit(2)  # the next one, and whether it is the last
)
_EARLIER = (
    select(_EVENTS.c.id).where(_EVENTS.c.person == bindparam("person"), _EVENTS.c.id < bindparam("before")).limit(1)
)
_TAKEN_BACK = (
    select(_EVENTS.c.body)
    .where(_EVENTS.c.person == bindparam("person"), _EVENTS.c.kind == "unsend", _EVENTS.c.id < bindparam("before"))
    .order_by(_EVENTS.c.id.desc())
    .limit(LOOKED_THROUGH)
)
_TOLD_AT = select(_EVENTS.c.told_at).where(_EVENTS.c.id == bindparam("event_id")).with_for_update()
_FINISH = (
    _EVENTS.update()
    .where(_EVENTS.c.id == bindparam("event_id"))
    .values(state=bindparam("ends_in"), reason=bindparam("why"), done_at=bindparam("at"))
)
