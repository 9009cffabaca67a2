"""What every webhook asks of the database, as ready SQL in the words of each: who wrote, and to store what they wrote.

Elsewhere SQLAlchemy makes the text, plans the batches and converts each value of each row anew, and nobody notices.
Here it took as long as the database itself, while LINE waits. PostgreSQL is given all rows as one JSON: one text serves
any number of them, is planned once, and writes both tables in one exchange. SQLite, which is in the same process, takes
the values as they are.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Iterator, Sequence
from datetime import UTC, datetime
from functools import cache
from typing import Any, NamedTuple, Protocol, TypeVar

from sqlalchemy import Connection

from core.inbox.models import EventState

AT_ONCE = 200  # rows of one statement of SQLite's, which takes 32,766 values

Value = str | bytes | int | None
Row = TypeVar("Row")


class TalkRow(NamedTuple):
    """How many messages of a person came within the minute that began then."""

    person: str
    minute_since: datetime | None
    in_minute: int | None


class EventRow(NamedTuple):
    """An event as it is stored, its body sealed."""

    webhook_event_id: str
    person: str | None
    kind: str
    body: bytes
    happened_at: datetime
    received_at: datetime
    state: EventState
    reason: str


class Statements(Protocol):
    """The two questions, in the words of one database."""

    def lock(self, connection: Connection, people: Collection[str], *, waits: bool) -> list[TalkRow]:
        """Lock the rows of these people until commit, in one order; unless it ``waits``, those held are left out."""

    def put(self, connection: Connection, events: Sequence[EventRow], talks: Sequence[TalkRow]) -> dict[str, int]:
        """Store the events that are not stored yet, and what these people's rows know now.

        Return the new ones: LINE's ids, each with the number of its row. Somebody with a new event that is to be
        handled waits from now on, unless they wait already.
        """


def statements(connection: Connection) -> Statements:
    """Return the questions in the words of this database."""
    return _SQLITE if connection.dialect.name == "sqlite" else _POSTGRESQL


class _Sqlite:
    """Who writes is alone, so to lock is only to look."""

    def lock(self, connection: Connection, people: Collection[str], *, waits: bool) -> list[TalkRow]:  # noqa: ARG002
        found: list[TalkRow] = []
        for some in _parts(tuple(people)):
            rows = connection.exec_driver_sql(_looking(len(some)), some)
            found += (TalkRow(person, _moment(since), number) for person, since, number in rows)
        return found

    def put(self, connection: Connection, events: Sequence[EventRow], talks: Sequence[TalkRow]) -> dict[str, int]:
        new: dict[str, int] = {}
        for some in _parts(events):
            values = tuple(value for event in some for value in _values(event))
            new |= _numbered(connection.exec_driver_sql(_inserting(len(some)), values))
        if talks:
            waits = _waits_since(events, frozenset(new))
            rows = [(waits.get(each.person), _text(each.minute_since), each.in_minute, each.person) for each in talks]
            connection.exec_driver_sql(_CHANGING, rows)
        return new


class _Postgresql:
    def lock(self, connection: Connection, people: Collection[str], *, waits: bool) -> list[TalkRow]:
        locking = _LOCKING if waits else _LOCKING_FREE
        return [TalkRow(*row) for row in connection.exec_driver_sql(locking, (list(people),))]

    def put(self, connection: Connection, events: Sequence[EventRow], talks: Sequence[TalkRow]) -> dict[str, int]:
        return _numbered(connection.exec_driver_sql(_PUTTING, (_json(events), _json(talks))))


def _numbered(rows: Iterable[Sequence[Any]]) -> dict[str, int]:
    return {row[0]: row[1] for row in rows}


def _parts(rows: Sequence[Row]) -> Iterator[tuple[Row, ...]]:
    return (tuple(rows[first : first + AT_ONCE]) for first in range(0, len(rows), AT_ONCE))


def _values(event: EventRow) -> tuple[Value, ...]:
    moments = _text(event.happened_at), _text(event.received_at)
    return (event.webhook_event_id, event.person, event.kind, event.body, *moments, event.state.value, event.reason)


def _waits_since(events: Sequence[EventRow], new: frozenset[str]) -> dict[str | None, str | None]:
    """Return since when the people of these events wait, who have a new one that is to be handled."""
    handled = (each for each in events if each.state is EventState.WAITING and each.webhook_event_id in new)
    return {each.person: _text(each.received_at) for each in handled}


def _text(moment: datetime | None) -> str | None:
    """Return an instant as SQLAlchemy stores it in SQLite; a naive one is refused, as it does."""
    if moment is None:
        return None
    if moment.tzinfo is None:
        raise ValueError(f"naive instant {moment!r}: give it a time zone")
    return moment.astimezone(UTC).replace(tzinfo=None).isoformat(" ", "microseconds")


def _moment(stored: str | None) -> datetime | None:
    return None if stored is None else datetime.fromisoformat(stored).replace(tzinfo=UTC)


def _json(rows: Sequence[NamedTuple]) -> str:
    return json.dumps([each._asdict() for each in rows], default=_plain)


def _plain(value: datetime | bytes) -> str:
    if isinstance(value, bytes):
        return value.hex()
    if value.tzinfo is None:
        raise ValueError(f"naive instant {value!r}: give it a time zone")
    return value.isoformat()


@cache
def _looking(people: int) -> str:
    return _LOOKING.format(holes=", ".join("?" * people))


@cache
def _inserting(events: int) -> str:
    return _INSERTING.format(holes=", ".join(["(?, ?, ?, ?, ?, ?, ?, 0, ?)"] * events))


_LOOKING = "SELECT person, minute_since, in_minute FROM conversations WHERE person IN ({holes})"
_INSERTING = """
INSERT INTO inbox_events
  (webhook_event_id, person, kind, body, happened_at, received_at, state, tries, reason)
VALUES {holes}
ON CONFLICT (webhook_event_id) DO NOTHING
RETURNING webhook_event_id, id
"""
_CHANGING = """
UPDATE conversations SET waiting_since = coalesce(waiting_since, ?), minute_since = ?, in_minute = ? WHERE person = ?
"""
_LOCKING = """
SELECT person, minute_since, in_minute FROM conversations
WHERE person = ANY(%s) ORDER BY person FOR UPDATE
"""
_LOCKING_FREE = f"{_LOCKING} SKIP LOCKED"
_PUTTING = """
WITH new AS (
  INSERT INTO inbox_events
    (webhook_event_id, person, kind, body, happened_at, received_at, state, tries, reason)
  SELECT webhook_event_id, person, kind, decode(body, 'hex'), happened_at, received_at, state, 0, reason
  FROM json_to_recordset(%s) AS event (
    webhook_event_id text, person text, kind text, body text, happened_at timestamptz, received_at timestamptz,
    state text, reason text)
  ON CONFLICT (webhook_event_id) DO NOTHING
  RETURNING webhook_event_id, id, person, state, received_at
), changed AS (
  UPDATE conversations
  SET minute_since = talk.minute_since, in_minute = talk.in_minute, waiting_since = coalesce(
    conversations.waiting_since,
    (SELECT min(received_at) FROM new WHERE new.person = conversations.person AND new.state = 'waiting'))
  FROM json_to_recordset(%s) AS talk (person text, minute_since timestamptz, in_minute integer)
  WHERE conversations.person = talk.person
)
SELECT webhook_event_id, id FROM new
"""
_SQLITE, _POSTGRESQL = _Sqlite(), _Postgresql()
