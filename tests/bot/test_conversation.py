"""Who serves a person gives them back with their last event: nothing is left between the two."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from psycopg.errors import QueryCanceled
from sqlalchemy import select
from sqlalchemy.exc import OperationalError
from sqlalchemy.exc import TimeoutError as WaitedTooLong

from bot.conversation import Conversations
from core import failpoints
from core.clock import FixedClock
from core.context import Core
from core.inbox import arriving
from core.inbox.arriving import IncomingEvent
from core.inbox.models import Conversation, EventState, InboxEvent
from core.inbox.service import DATABASE_MAY_BE_AWAY, RETRY_WAIT
from core.notices.models import Notice

ANN = "U" + "a" * 32


class Killed(BaseException):
    """The process is gone."""


@pytest.fixture
def talks(core: Core) -> Iterator[Conversations]:
    conversations = Conversations(core)
    yield conversations
    conversations.close()


@pytest.fixture
def now(clock: FixedClock) -> datetime:
    return clock.now()


def say(core: Core, number: int, at: datetime) -> None:
    body = json.dumps({"type": "message", "message": {"type": "text", "id": str(number), "text": "選單"}})
    with arriving.intake(core) as into:
        arriving.store(into, [IncomingEvent(f"event-{number}", "message", body, ANN, at, to_handle=True)])


def conversation(core: Core) -> Conversation:
    with core.store.reading() as session:
        return session.scalars(select(Conversation)).one()


def states(core: Core) -> list[EventState]:
    with core.store.reading() as session:
        return list(session.scalars(select(InboxEvent.state).order_by(InboxEvent.id)))


def test_the_commit_that_handles_a_persons_last_event_gives_them_back(
    core: Core, talks: Conversations, now: datetime
) -> None:
    for number in (1, 2):
        say(core, number, now + timedelta(seconds=number))
    held: list[bool] = []

    def look(name: str) -> None:
        if name == "chat.handled":
            held.append(conversation(core).lease is not None)

    with failpoints.watched(look):
        assert talks.run() == 2
    assert held == [True, False]
    ann = conversation(core)
    assert (ann.waiting_since, ann.lease, ann.lease_until) == (None, None, None)


def test_who_dies_before_that_commit_holds_the_person_still_and_the_event_waits(
    core: Core, talks: Conversations, now: datetime
) -> None:
    say(core, 1, now)

    def die(name: str) -> None:
        if name == "chat.handling":
            raise Killed

    with failpoints.watched(die), pytest.raises(Killed):
        talks.run()
    ann = conversation(core)
    assert ann.lease is not None
    assert (ann.waiting_since, states(core)) == (now, [EventState.WAITING])


def test_what_comes_after_a_persons_last_event_finds_nobody_serving_and_is_handled(
    core: Core, talks: Conversations, now: datetime
) -> None:
    say(core, 1, now)
    talks.run()
    say(core, 2, now)
    assert conversation(core).waiting_since == now
    assert talks.run() == 1
    assert states(core) == [EventState.DONE, EventState.DONE]


@pytest.mark.parametrize(("kind", "apologies"), [("message", 1), ("postback", 1), ("unfollow", 0), ("follow", 0)])
def test_a57_for_what_is_set_aside_only_who_waits_for_an_answer_gets_an_apology(
    core: Core, talks: Conversations, clock: FixedClock, kind: str, apologies: int
) -> None:
    with arriving.intake(core) as into:
        arriving.store(into, [IncomingEvent("event-1", kind, "no event", ANN, clock.now(), to_handle=True)])
    for _ in range(core.policy.inbox_tries):
        talks.run()
        clock.move(RETRY_WAIT)
    assert states(core) == [EventState.PARKED]
    with core.store.reading() as session:
        assert len(session.scalars(select(Notice)).all()) == apologies


def locked() -> Exception:
    return OperationalError("UPDATE", {}, sqlite3.OperationalError("database is locked"))


def too_long() -> Exception:
    return OperationalError("SELECT", {}, QueryCanceled())


@pytest.mark.parametrize(
    ("error", "late", "state"),
    [
        (locked, timedelta(), EventState.WAITING),
        (WaitedTooLong, timedelta(), EventState.WAITING),
        (too_long, timedelta(), EventState.PARKED),
        (locked, DATABASE_MAY_BE_AWAY - timedelta(seconds=1), EventState.WAITING),
        (locked, DATABASE_MAY_BE_AWAY, EventState.PARKED),
    ],
)
def test_a_database_that_is_away_sets_nobodys_words_aside(
    core_sqlite: Core, clock: FixedClock, error: Callable[[], Exception], late: timedelta, state: EventState
) -> None:
    def fails(name: str) -> None:
        if name == "chat.handling":
            raise error()

    talks = Conversations(replace(core_sqlite, policy=core_sqlite.policy.model_copy(update={"inbox_tries": 1})))
    say(core_sqlite, 1, clock.now())
    clock.move(late)
    with failpoints.watched(fails):
        talks.run()
    talks.close()
    assert states(core_sqlite) == [state]
