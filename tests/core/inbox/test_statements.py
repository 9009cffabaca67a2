"""The ready statements store what the models read, on both databases, whatever there is of it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta, timezone

import pytest
from sqlalchemy import Connection, select
from sqlalchemy.orm import Session

from core.context import Core
from core.inbox.models import Conversation, EventState, InboxEvent
from core.inbox.statements import AT_ONCE, EventRow, TalkRow, statements
from core.secrets import Sealed

NOON = datetime(2026, 3, 4, 12, tzinfo=UTC)  # no microseconds: SQLite's text must have them nevertheless
EARLIER = datetime(2026, 3, 4, 19, 59, 59, 7, timezone(timedelta(hours=8)))
ANN, BEN = "ann", "ben"


@pytest.fixture
def connection(core: Core) -> Iterator[Connection]:
    with core.store.writing() as connection:
        yield connection


@pytest.fixture
def session(connection: Connection) -> Session:
    return Session(connection)


def an_event(
    number: int, person: str | None = ANN, state: EventState = EventState.WAITING, happened_at: datetime = EARLIER
) -> EventRow:
    return EventRow(f"event-{number}", person, "message", b"\0\xff sealed", happened_at, NOON, state, "why")


def meet(session: Session, *people: str) -> None:
    session.add_all(Conversation(person=person, line_user=Sealed(b"sealed")) for person in people)
    session.flush()


def test_an_event_is_read_as_it_was_put(connection: Connection, session: Session) -> None:
    new = statements(connection).put(connection, [an_event(1), an_event(2, None, EventState.IGNORED)], [])
    first, second = session.scalars(select(InboxEvent).order_by(InboxEvent.id))
    assert new == {"event-1": first.id, "event-2": second.id}
    assert (first.webhook_event_id, first.person, first.kind, first.reason) == ("event-1", ANN, "message", "why")
    assert (first.happened_at, first.received_at) == (EARLIER, NOON)
    assert (first.body, first.tries, first.done_at, first.told_at) == (Sealed(b"\0\xff sealed"), 0, None, None)
    assert (first.state, second.state, second.person) == (EventState.WAITING, EventState.IGNORED, None)


def test_what_is_compared_as_text_is_stored_as_the_models_store_it(connection: Connection, session: Session) -> None:
    statements(connection).put(connection, [an_event(1, happened_at=NOON)], [])
    assert session.scalar(select(InboxEvent.id).where(InboxEvent.happened_at == NOON)) is not None
    assert session.scalar(select(InboxEvent.id).where(InboxEvent.received_at < NOON)) is None


def test_people_are_locked_as_they_are_and_strangers_are_not_there(connection: Connection, session: Session) -> None:
    meet(session, ANN, BEN)
    ask = statements(connection)
    ask.put(connection, [], [TalkRow(ANN, EARLIER, 7)])
    for waits in (True, False):
        assert sorted(ask.lock(connection, [BEN, "stranger", ANN], waits=waits)) == [
            TalkRow(ANN, EARLIER, 7),
            TalkRow(BEN, None, None),
        ]


def test_only_a_new_event_that_is_to_be_handled_lets_somebody_wait(connection: Connection, session: Session) -> None:
    meet(session, ANN, BEN)
    ask, both = statements(connection), [TalkRow(ANN, NOON, 1), TalkRow(BEN, NOON, 1)]
    ask.put(connection, [an_event(1, BEN, EventState.IGNORED), an_event(2)], both)
    assert waiting(session) == {ANN: NOON, BEN: None}
    later = an_event(3)._replace(received_at=NOON + timedelta(seconds=1))
    assert list(ask.put(connection, [later, an_event(1, BEN)], both)) == ["event-3"]
    assert waiting(session) == {ANN: NOON, BEN: None}


def waiting(session: Session) -> dict[str, datetime | None]:
    session.expire_all()
    return {each.person: each.waiting_since for each in session.scalars(select(Conversation))}


@pytest.mark.parametrize("many", [AT_ONCE, AT_ONCE + 1, 2 * AT_ONCE + 1])
def test_more_than_one_statement_takes_are_all_put_and_found(
    connection: Connection, session: Session, many: int
) -> None:
    people = [f"person-{number:04}" for number in range(many)]
    meet(session, *people)
    ask = statements(connection)
    new = ask.put(connection, [an_event(number) for number in range(many)], [TalkRow(each, NOON, 1) for each in people])
    assert len(set(new)) == many
    assert len(ask.lock(connection, people, waits=True)) == many


def test_an_instant_without_a_zone_is_refused(connection: Connection) -> None:
    naive = an_event(1, happened_at=NOON.replace(tzinfo=None))
    with pytest.raises(ValueError, match="naive"):
        statements(connection).put(connection, [naive], [])
