"""Stored events are handed out once, in order a person, and a failing one does not stop the rest."""

from __future__ import annotations

from datetime import datetime, timedelta
from threading import Barrier, Thread

import pytest

from core.access import system
from core.audit import Door
from core.clock import FixedClock
from core.context import Core
from core.database import Store
from core.inbox import arriving
from core.inbox import service as inbox
from core.inbox.arriving import IncomingEvent
from core.inbox.models import EventState, InboxEvent
from core.inbox.service import Lease
from core.policy import Policy
from core.secrets import Vault

ANN, BEN = "U" + "a" * 32, "U" + "b" * 32
ACTOR = system("test")


def an_event(number: int, user: str | None = ANN, *, at: datetime, to_handle: bool = True) -> IncomingEvent:
    return IncomingEvent(f"event-{number}", "message", f'{{"n": {number}}}', user, at, to_handle)


@pytest.fixture
def now(clock: FixedClock) -> datetime:
    return clock.now()


def store(core: Core, *events: IncomingEvent) -> int:
    with arriving.intake(core) as into:
        return arriving.store(into, events).new


def take(core: Core) -> Lease | None:
    with core.transaction(ACTOR, Door.CHAT) as ctx:
        return inbox.take_person(ctx)


def handle(core: Core, lease: Lease) -> str | None:
    with core.transaction(ACTOR, Door.CHAT) as ctx:
        found = inbox.next_event(ctx, lease)
        if found is None:
            return None
        inbox.finish(ctx, found[1].id, EventState.DONE)
        return found[1].webhook_event_id


def drain(core: Core) -> list[str]:
    handled = []
    while lease := take(core):
        while event := handle(core, lease):
            handled.append(event)
    return handled


def test_an_event_is_stored_once_however_often_it_comes(core: Core, now: datetime) -> None:
    assert store(core, an_event(1, at=now), an_event(1, at=now)) == 1
    assert store(core, an_event(1, at=now)) == 0
    assert drain(core) == ["event-1"]
    assert store(core, an_event(1, at=now)) == 0
    assert drain(core) == []


def test_a5_a_persons_events_come_in_the_order_they_happened(core: Core, now: datetime) -> None:
    later, earlier = an_event(1, at=now), an_event(2, at=now - timedelta(seconds=1))
    store(core, later, earlier)
    assert drain(core) == ["event-2", "event-1"]


def test_what_needs_no_answer_is_kept_and_waits_for_nobody(core: Core, now: datetime) -> None:
    assert store(core, an_event(1, None, at=now), an_event(2, at=now, to_handle=False)) == 2
    assert take(core) is None
    with core.store.reading() as session:
        assert {event.state for event in session.query(InboxEvent)} == {EventState.IGNORED}


def test_two_people_are_served_at_once_but_one_person_only_once(core: Core, now: datetime) -> None:
    store(core, an_event(1, ANN, at=now), an_event(2, BEN, at=now))
    first, second = take(core), take(core)
    assert first is not None
    assert second is not None
    assert first.person != second.person
    assert take(core) is None


def test_an_abandoned_lease_is_taken_over_and_the_old_one_refused(core: Core, clock: FixedClock, now: datetime) -> None:
    store(core, an_event(1, at=now))
    old = take(core)
    assert old is not None
    clock.move(inbox.LEASE - timedelta(microseconds=1))
    assert take(core) is None
    clock.move(timedelta(microseconds=1))
    new = take(core)
    assert new is not None
    assert handle(core, old) is None
    assert handle(core, new) == "event-1"


def test_whoever_serves_a_person_for_long_keeps_them_with_every_event(
    core: Core, clock: FixedClock, now: datetime
) -> None:
    store(core, *(an_event(each, at=now) for each in (1, 2, 3)))
    lease = take(core)
    assert lease is not None
    for _ in range(2):
        clock.move(inbox.LEASE - timedelta(seconds=1))
        assert take(core) is None
        assert handle(core, lease) is not None
    assert handle(core, lease) == "event-3"


def test_an_event_that_keeps_failing_is_set_aside_after_five_tries(
    core: Core, clock: FixedClock, now: datetime
) -> None:
    store(core, an_event(1, at=now), an_event(2, at=now + timedelta(seconds=1)))
    states = []
    for _ in range(5):
        clock.move(inbox.RETRY_WAIT)
        lease = take(core)
        assert lease is not None
        with core.transaction(ACTOR, Door.CHAT) as ctx:
            found = inbox.next_event(ctx, lease)
            assert found is not None
            states.append(inbox.note_failure(ctx, lease, found[1].id, "ValueError"))
        assert len(states) == 5 or take(core) is None
    assert states == [EventState.WAITING] * 4 + [EventState.PARKED]
    assert drain(core) == ["event-2"]


def test_an_event_that_comes_while_the_last_is_handled_is_not_overlooked(core: Core, now: datetime) -> None:
    store(core, an_event(1, at=now))
    lease = take(core)
    assert lease is not None
    assert handle(core, lease) == "event-1"
    store(core, an_event(2, at=now))
    assert handle(core, lease) == "event-2"
    assert handle(core, lease) is None
    store(core, an_event(3, at=now))
    assert drain(core) == ["event-3"]


def test_four_workers_handle_each_event_once_and_in_order(core: Core, now: datetime) -> None:
    people = ["U" + f"{number:032x}" for number in range(10)]
    for number in range(50):
        store(core, an_event(number, people[number % 10], at=now + timedelta(milliseconds=number)))
    handled: list[list[str]] = [[] for _ in range(4)]
    ready = Barrier(4)

    def work(mine: list[str]) -> None:
        ready.wait()
        mine.extend(drain(core))

    threads = [Thread(target=work, args=(mine,)) for mine in handled]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    every = [event for mine in handled for event in mine]
    assert sorted(every) == sorted(f"event-{number}" for number in range(50))
    for mine in handled:
        numbers = [int(event.removeprefix("event-")) for event in mine]
        for digit in range(10):
            own = [number for number in numbers if number % 10 == digit]
            assert own == sorted(own)


def test_a_worker_whose_lease_was_lost_notes_no_failure(core: Core, clock: FixedClock, now: datetime) -> None:
    store(core, an_event(1, at=now))
    old = take(core)
    assert old is not None
    with core.transaction(ACTOR, Door.CHAT) as ctx:
        found = inbox.next_event(ctx, old)
    assert found is not None
    clock.move(inbox.LEASE)
    assert drain(core) == ["event-1"]
    with core.transaction(ACTOR, Door.CHAT) as ctx:
        assert inbox.note_failure(ctx, old, found[1].id, "ValueError") is None
    with core.store.reading() as session:
        assert [(event.state, event.tries) for event in session.query(InboxEvent)] == [(EventState.DONE, 0)]


def test_the_first_of_two_events_that_come_at_once_is_the_first(core: Core, now: datetime) -> None:
    store(core, an_event(1, at=now), an_event(2, at=now + timedelta(seconds=1)))
    firsts = []
    lease = take(core)
    assert lease is not None
    for _ in range(2):
        with core.transaction(ACTOR, Door.CHAT) as ctx:
            found = inbox.next_event(ctx, lease)
            assert found is not None
            firsts.append(inbox.is_first(ctx, lease.person, found[1]))
            inbox.finish(ctx, found[1].id, EventState.DONE)
    assert firsts == [True, False]


@pytest.mark.postgres
def test_an_answer_under_way_lets_nobody_spend_its_reply_token(
    postgres_store: Store, vault: Vault, policy: Policy, clock: FixedClock
) -> None:
    core = Core(postgres_store, vault, policy, clock)
    store(core, an_event(1, at=clock.now()))
    lease = take(core)
    assert lease is not None
    clock.move(timedelta(seconds=policy.still_working_seconds))
    with core.transaction(ACTOR, Door.CHAT) as answering:
        found = inbox.next_event(answering, lease)
        assert found is not None
        assert not inbox.was_told(answering, found[1].id)
        with core.transaction(ACTOR, Door.CHAT) as telling:
            assert inbox.long_waiting(telling, 10) == ()
        inbox.finish(answering, found[1].id, EventState.DONE)
    with core.transaction(ACTOR, Door.CHAT) as telling:
        assert inbox.long_waiting(telling, 10) == ()
