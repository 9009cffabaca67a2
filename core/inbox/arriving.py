"""Storing webhook events as they come: all that wait to be stored in one transaction, with few statements for all.

Every message passes here, and LINE waits meanwhile: nothing is loaded as an object (``core/inbox/statements.py``).
A person's row is locked until commit, so that no worker can overlook their new event. Of somebody who writes too fast
the rest of the minute is dropped before it costs a row, but for words of danger: those are answered (CHK-11).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import cast

from sqlalchemy import Connection, Table, bindparam, select
from sqlalchemy.dialects import postgresql, sqlite

from core.context import Core
from core.inbox import rules
from core.inbox.models import Conversation, EventState, InboxEvent
from core.inbox.rules import Minute, Way
from core.inbox.service import TALK, THROTTLED
from core.inbox.statements import EventRow, TalkRow, statements
from core.policy import Policy
from core.secrets import Vault


@dataclass(frozen=True)
class IncomingEvent:
    """A webhook event as it came, with the little that is read of it before it is stored."""

    webhook_event_id: str
    kind: str
    body: str
    line_user: str | None
    happened_at: datetime
    to_handle: bool
    """False for what is kept but needs no answer: standby, nobody named, unknown kinds."""
    is_urgent: Callable[[str], bool] = field(default=lambda _: False, compare=False)
    """Tells of a body whether it speaks of danger; asked only of what would be dropped, for it costs (CHK-11)."""


@dataclass(frozen=True)
class Stored:
    """What became of the events of one webhook: stored, known already, refused as too old, dropped as too many."""

    new: int
    known: int
    too_old: int
    dropped: int
    numbers: tuple[int, ...] = field(default=(), compare=False)
    """Of the new ones, in the inbox: by these the logs follow them."""

    @property
    def fates(self) -> dict[str, int]:
        """How many there were of each fate."""
        return {"new": self.new, "known": self.known, "too_old": self.too_old, "dropped": self.dropped}


@dataclass(frozen=True)
class Intake:
    """What storing needs: a transaction, the moment, the house's numbers and keys. Nobody's name: LINE posts."""

    connection: Connection
    now: datetime
    policy: Policy
    vault: Vault

    @property
    def is_sqlite(self) -> bool:
        """Whether it is stored in SQLite."""
        return self.connection.dialect.name == "sqlite"


@contextmanager
def intake(core: Core) -> Iterator[Intake]:
    """Open a transaction at the present moment: returning commits, raising rolls back. No audit: nobody acts here."""
    with core.store.writing() as connection:
        yield Intake(connection, core.clock.now(), core.policy, core.vault)


def store(into: Intake, events: Sequence[IncomingEvent]) -> Stored:
    """Store events under LINE's ids. One stored before changes nothing, nor does one too old to be known (A3, A4)."""
    return _store(into, [events], waits=True)[0] or Stored(0, 0, 0, 0)


def store_together(into: Intake, webhooks: Sequence[Sequence[IncomingEvent]]) -> list[Stored | None]:
    """Store the events of several webhooks, each as ``store`` does.

    None stands for a webhook of which nothing was stored: somebody else holds the row of one of its people, and the
    other webhooks are not to wait for that.
    """
    return _store(into, webhooks, waits=False)


class _Fate(StrEnum):
    NEW = "new"
    KNOWN = "known"
    TOO_OLD = "too_old"
    DROPPED = "dropped"


@dataclass
class _Talk:
    """A person's row, locked; what changes in it is written once, when all events are looked at."""

    person: str
    minute: Minute | None = None

    def one_more(self, into: Intake) -> Way:
        """Count one more message of this minute; return what is done with it."""
        self.minute = rules.one_more(self.minute, into.now)
        return rules.way(self.minute, into.policy)

    def row(self) -> TalkRow:
        """Return what is to be known of the person from now on."""
        return TalkRow(self.person, *((self.minute.since, self.minute.count) if self.minute else (None, None)))


@dataclass
class _Arrival:
    """One event on its way in."""

    event: IncomingEvent
    person: str | None
    """Keyed hash of the LINE user."""
    waits: bool
    """It is to be handled."""
    way: Way = Way.HANDLE
    fate: _Fate = _Fate.KNOWN
    number: int | None = None
    """Of its row, if it is new."""


def _store(into: Intake, webhooks: Sequence[Sequence[IncomingEvent]], *, waits: bool) -> list[Stored | None]:
    arrived = [[_arrival(into, event) for event in events] for events in webhooks]
    people = {each.person: each.event.line_user for each in _flat(arrived) if each.waits}
    talks = _locked(into, cast("dict[str, str]", people), waits=waits)
    held = people.keys() - talks.keys()
    taken = [None if any(each.person in held for each in events) else events for events in arrived]
    _put(into, list(_flat(each for each in taken if each is not None)), talks)
    return [None if each is None else _sum(each) for each in taken]


def _flat(arrived: Iterable[Sequence[_Arrival]]) -> Iterable[_Arrival]:
    return (each for events in arrived for each in events)


def _sum(events: Sequence[_Arrival]) -> Stored:
    fates = [each.fate for each in events]
    new = tuple(each.number for each in events if each.number is not None)
    known, too_old, dropped = map(fates.count, (_Fate.KNOWN, _Fate.TOO_OLD, _Fate.DROPPED))
    return Stored(fates.count(_Fate.NEW), known, too_old, dropped, new)


def _arrival(into: Intake, event: IncomingEvent) -> _Arrival:
    person = into.vault.look_up("line_user", event.line_user) if event.line_user else None
    if rules.is_too_old(event.happened_at, into.now, into.policy):
        return _Arrival(event, person, waits=False, fate=_Fate.TOO_OLD)
    return _Arrival(event, person, waits=person is not None and event.to_handle)


def _put(into: Intake, arrived: Sequence[_Arrival], talks: Mapping[str, _Talk]) -> None:
    """Look at each event in its order, then store them, and what their people's rows know now.

    Nothing is counted twice where that may be too many: the one answer that says so goes to what is new.
    """
    messages = [each for each in arrived if each.waits and each.event.kind in TALK]
    counted = _known(into, messages, talks)
    for each in messages:
        if each.event.webhook_event_id not in counted:
            each.way = talks[each.person or ""].one_more(into)
            if each.way is Way.DROP and each.event.is_urgent(each.event.body):
                each.way = Way.SLOW_DOWN
            if each.way is Way.DROP:
                each.fate = _Fate.DROPPED
            else:
                counted.add(each.event.webhook_event_id)
    kept = [each for each in arrived if each.fate is _Fate.KNOWN]
    if kept or talks:
        _mark_new(kept, _stored(into, kept, talks.values()))


def _known(into: Intake, messages: Sequence[_Arrival], talks: Mapping[str, _Talk]) -> set[str]:
    """Return which messages are stored already, of people for whom all of them may be too many: of most none is asked.

    Their rows are locked, so none is stored meanwhile.
    """
    numbers = Counter(each.person for each in messages)
    many = {
        person
        for person, number in numbers.items()
        if rules.may_be_too_many(talks[person or ""].minute, number, into.now, into.policy)
    }
    ids = [each.event.webhook_event_id for each in messages if each.person in many]
    return set(into.connection.execute(_STORED, {"ids": ids}).scalars()) if ids else set()


def _stored(into: Intake, arrived: Sequence[_Arrival], talks: Iterable[_Talk]) -> dict[str, int]:
    """Return which ids were not stored before, with their rows: the database decides, also between two processes."""
    events, people = [_row(into, each) for each in arrived], [each.row() for each in talks]
    return statements(into.connection).put(into.connection, events, people)


def _mark_new(arrived: Sequence[_Arrival], new: dict[str, int]) -> None:
    for each in arrived:
        each.number = new.pop(each.event.webhook_event_id, None)  # the same event twice in one webhook is new once
        if each.number is not None:
            each.fate = _Fate.NEW


def _row(into: Intake, arrival: _Arrival) -> EventRow:
    event = arrival.event
    return EventRow(
        event.webhook_event_id,
        arrival.person,
        event.kind,
        into.vault.seal(event.body).token,
        event.happened_at,
        into.now,
        EventState.WAITING if arrival.waits else EventState.IGNORED,
        THROTTLED if arrival.way is Way.SLOW_DOWN else "",
    )


def _locked(into: Intake, people: Mapping[str, str], *, waits: bool) -> dict[str, _Talk]:
    """Return the rows of these people (with their LINE users), made where missing, locked until commit.

    Rows are locked in one order everywhere, so that two transactions cannot wait for each other. Unless ``waits``,
    the rows that somebody holds are left out.
    """
    if not people:
        return {}
    talks = _lock(into, people, waits=waits)
    if missing := people.keys() - talks.keys():
        talks |= _made(into, {person: people[person] for person in sorted(missing)})
    if waits and (missing := people.keys() - talks.keys()):  # another process has made them meanwhile
        talks |= _lock(into, missing, waits=True)
    return talks


def _lock(into: Intake, people: Collection[str], *, waits: bool) -> dict[str, _Talk]:
    found = statements(into.connection).lock(into.connection, people, waits=waits)
    return {person: _Talk(person, Minute(since, number or 0) if since else None) for person, since, number in found}


def _made(into: Intake, people: Mapping[str, str]) -> dict[str, _Talk]:
    """Make the rows that nobody has made. Those held are only looked at: to insert them would be to wait."""
    connection = into.connection
    held = set(connection.execute(_THERE, {"people": list(people)}).scalars())
    rows = [
        {"person": person, "line_user": into.vault.seal(line_user), "dialog": "", "step": "", "misunderstood": 0}
        for person, line_user in people.items()
        if person not in held
    ]
    made = connection.execute(_MAKING[into.is_sqlite], rows).scalars() if rows else ()
    return {person: _Talk(person) for person in made}


_TALKS = cast("Table", Conversation.__table__)
_EVENTS = cast("Table", InboxEvent.__table__).c.webhook_event_id
_STORED = select(_EVENTS).where(_EVENTS.in_(bindparam("ids", expanding=True)))
_THERE = select(_TALKS.c.person).where(_TALKS.c.person.in_(bindparam("people", expanding=True)))
_MAKING = {
    is_sqlite: insert(_TALKS).on_conflict_do_nothing(index_elements=["person"]).returning(_TALKS.c.person)
    for is_sqlite, insert in ((True, sqlite.insert), (False, postgresql.insert))
}
