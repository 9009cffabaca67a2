"""Webhooks that come at once share a commit; none is acknowledged that is not stored, and none fails for another."""

from __future__ import annotations

import sqlite3
from collections import Counter
from contextlib import closing
from dataclasses import replace
from datetime import datetime
from threading import Barrier, Thread

import pytest
from sqlalchemy import select
from sqlalchemy.exc import OperationalError
from sqlalchemy.exc import TimeoutError as WaitedTooLong

from core import failpoints
from core.clock import FixedClock
from core.context import Core
from core.database import Store
from core.engines import Patience
from core.inbox.arriving import IncomingEvent, Stored
from core.inbox.gathering import EVENTS_AT_ONCE, Gathering, _Webhook
from core.inbox.models import InboxEvent

ONE = Stored(1, 0, 0, 0)
HALF_A_PAIR = "\ud83d"  # cannot be sealed: the webhook's door never lets it through as it came


@pytest.fixture
def now(clock: FixedClock) -> datetime:
    return clock.now()


def a_webhook(number: int, at: datetime, *, body: str = "{}", events: int = 1) -> tuple[IncomingEvent, ...]:
    user = f"U{number % 7:032x}"
    ids = (f"event-{number}-{each}" for each in range(events))
    return tuple(IncomingEvent(event_id, "follow", body, user, at, to_handle=True) for event_id in ids)


def stored(core: Core) -> list[str]:
    with core.store.reading() as session:
        return list(session.scalars(select(InboxEvent.webhook_event_id).order_by(InboxEvent.id)))


def test_a_webhook_that_comes_alone_is_stored_at_once(core: Core, now: datetime) -> None:
    assert Gathering(core).store(a_webhook(1, now)) == ONE
    assert stored(core) == ["event-1-0"]


def test_what_waits_is_stored_in_the_same_transaction_in_its_order(core_sqlite: Core, now: datetime) -> None:
    gathering, passed = Gathering(core_sqlite), list[str]()
    others = [_Webhook(a_webhook(number, now)) for number in range(1, 4)]
    gathering._waiting.extend(others)
    with failpoints.watched(passed.append):
        assert gathering.store(a_webhook(0, now)) == ONE
    assert [each.stored for each in others] == [ONE] * 3
    assert stored(core_sqlite) == [f"event-{number}-0" for number in range(4)]
    assert passed == ["webhook.storing"]


@pytest.mark.parametrize(("before", "is_last_in"), [(EVENTS_AT_ONCE - 2, True), (EVENTS_AT_ONCE - 1, False)])
def test_a_transaction_holds_so_many_events_and_who_is_left_is_called_to_write(
    core_sqlite: Core, now: datetime, before: int, is_last_in: bool
) -> None:
    gathering = Gathering(core_sqlite)
    last = _Webhook(a_webhook(3, now))
    gathering._waiting.extend((_Webhook(a_webhook(2, now, events=before)), last))
    gathering.store(a_webhook(1, now))
    assert last.is_settled is is_last_in
    assert not last.called.locked()
    assert len(stored(core_sqlite)) == 1 + before + is_last_in


def test_a6_one_that_cannot_be_stored_fails_alone(core: Core, now: datetime) -> None:
    gathering = Gathering(core)
    poison = _Webhook(a_webhook(1, now, body=HALF_A_PAIR))
    gathering._waiting.append(poison)
    assert gathering.store(a_webhook(2, now)) == ONE
    assert (poison.is_settled, poison.stored, poison.error) == (True, None, None)
    with pytest.raises(UnicodeEncodeError):
        gathering.store(poison.events)
    assert stored(core) == ["event-2-0"]


def test_a58_a_database_that_is_locked_fails_all_that_wait_and_is_tried_anew_by_the_next(
    core_sqlite: Core, now: datetime
) -> None:
    store = Store(str(core_sqlite.store.url), Patience(busy=0.05))
    gathering = Gathering(replace(core_sqlite, store=store))
    other = _Webhook(a_webhook(1, now))
    gathering._waiting.append(other)
    with closing(sqlite3.connect(str(store.url.database), isolation_level=None)) as holder:
        holder.execute("BEGIN IMMEDIATE")
        with pytest.raises(OperationalError):
            gathering.store(a_webhook(2, now))
    assert isinstance(other.error, OperationalError)
    assert gathering.store(a_webhook(3, now)) == ONE
    assert stored(core_sqlite) == ["event-3-0"]
    store.close()


def test_a58_whose_turn_never_comes_is_refused_and_leaves_the_line(core_sqlite: Core, now: datetime) -> None:
    gathering = Gathering(core_sqlite, seconds=0.01)
    gathering._free = 0
    with pytest.raises(WaitedTooLong):
        gathering.store(a_webhook(1, now))
    assert not gathering._waiting
    gathering._free = 1
    assert gathering.store(a_webhook(2, now)) == ONE
    assert stored(core_sqlite) == ["event-2-0"]


def test_eight_threads_at_once_have_each_of_their_webhooks_stored_once(core: Core, now: datetime) -> None:
    gathering, together = Gathering(core), Barrier(8)
    fates: list[Stored] = []

    def post(thread: int) -> None:
        together.wait()
        fates.extend(gathering.store(a_webhook(each, now)) for each in range(thread, thread + 20))

    threads = [Thread(target=post, args=(10 * thread,)) for thread in range(8)]  # half of each again by the next
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert Counter(fates) == {ONE: 90, Stored(0, 1, 0, 0): 70}
    assert len(set(stored(core))) == 90
