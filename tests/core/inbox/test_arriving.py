"""Several webhooks stored in one transaction are each stored as if they had come alone."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from sqlalchemy import select, update

from core.access import system
from core.clock import FixedClock
from core.context import Core
from core.database import Store
from core.inbox import arriving
from core.inbox.arriving import IncomingEvent, Stored
from core.inbox.models import Conversation, EventState, InboxEvent
from core.policy import Policy
from core.secrets import Vault

ANN, BEN = "U" + "a" * 32, "U" + "b" * 32
ACTOR = system("test")
Webhook = tuple[IncomingEvent, ...]


@pytest.fixture
def now(clock: FixedClock) -> datetime:
    return clock.now()


def a_message(number: int, user: str | None = ANN, *, at: datetime, to_handle: bool = True) -> IncomingEvent:
    return IncomingEvent(f"event-{number}", "message", f'{{"n": {number}}}', user, at, to_handle)


def store(core: Core, *webhooks: Webhook) -> list[Stored | None]:
    with arriving.intake(core) as into:
        return arriving.store_together(into, webhooks)


def stored(core: Core) -> list[InboxEvent]:
    with core.store.reading() as session:
        return list(session.scalars(select(InboxEvent).order_by(InboxEvent.id)))


def conversations(core: Core) -> list[Conversation]:
    with core.store.reading() as session:
        return list(session.scalars(select(Conversation)))


def test_each_webhook_learns_what_became_of_its_own_events(core: Core, now: datetime) -> None:
    ancient = a_message(9, at=now - timedelta(days=31))
    fates = store(core, (a_message(1, at=now), ancient), (a_message(2, BEN, at=now),), (a_message(1, at=now),), ())
    assert fates == [Stored(1, 0, 1, 0), Stored(1, 0, 0, 0), Stored(0, 1, 0, 0), Stored(0, 0, 0, 0)]
    assert store(core, (a_message(2, BEN, at=now), a_message(3, at=now))) == [Stored(1, 1, 0, 0)]
    assert [each.webhook_event_id for each in stored(core)] == ["event-1", "event-2", "event-3"]


def test_one_person_in_several_webhooks_waits_once_since_the_first_and_is_counted_with_all(
    core: Core, clock: FixedClock, now: datetime
) -> None:
    store(core, (a_message(1, at=now),), (a_message(2, at=now),))
    clock.move(timedelta(seconds=1))
    store(core, (a_message(3, at=now),))
    (ann,) = conversations(core)
    assert (ann.waiting_since, ann.minute_since, ann.in_minute) == (now, now, 3)
    assert core.vault.open(ann.line_user) == ANN


def test_a11_the_thirty_first_of_a_minute_is_answered_and_the_next_dropped_over_several_webhooks(
    core: Core, now: datetime
) -> None:
    of_ann = [tuple(a_message(10 * tens + each, at=now) for each in range(10)) for tens in range(4)]
    fates = store(core, *of_ann, (a_message(100, BEN, at=now),))
    assert fates == [Stored(10, 0, 0, 0)] * 3 + [Stored(1, 0, 0, 9), Stored(1, 0, 0, 0)]
    assert [each.reason for each in stored(core)] == [""] * 30 + ["throttled", ""]


def test_a11_words_of_danger_are_kept_however_many_came_before(core: Core, now: datetime) -> None:
    of_ann = tuple(a_message(number, at=now) for number in range(32))
    urgent = tuple(replace(a_message(number, at=now), is_urgent=lambda _: True) for number in (40, 41))
    assert store(core, (*of_ann, *urgent)) == [Stored(33, 0, 0, 1)]
    assert [(each.webhook_event_id, each.reason) for each in stored(core)][30:] == [
        ("event-30", "throttled"),
        ("event-40", "throttled"),
        ("event-41", "throttled"),
    ]
    assert store(core, urgent) == [Stored(0, 2, 0, 0)]


def test_a11_what_line_posts_again_spends_no_answer_to_what_comes_too_fast(core: Core, now: datetime) -> None:
    of_ann = tuple(a_message(number, at=now) for number in range(30))
    store(core, of_ann)
    assert store(core, (of_ann[29], of_ann[0])) == [Stored(0, 2, 0, 0)]
    too_many = tuple(a_message(number, at=now) for number in (30, 31))
    assert store(core, (of_ann[7], *too_many), too_many) == [Stored(1, 1, 0, 1), Stored(0, 1, 0, 1)]
    assert [(each.webhook_event_id, each.reason) for each in stored(core)][29:] == [
        ("event-29", ""),
        ("event-30", "throttled"),
    ]


def test_a11_one_event_twice_in_a_webhook_is_one_message(core: Core, now: datetime) -> None:
    of_ann = tuple(a_message(number, at=now) for number in range(31))
    assert store(core, (*of_ann[:30], of_ann[29], of_ann[30])) == [Stored(31, 1, 0, 0)]
    assert [each.reason for each in stored(core)] == [""] * 30 + ["throttled"]


def test_what_needs_no_answer_touches_nobodys_conversation(core: Core, now: datetime) -> None:
    store(core, (a_message(1, None, at=now), a_message(2, at=now, to_handle=False)))
    assert {each.state for each in stored(core)} == {EventState.IGNORED}
    assert conversations(core) == []


def test_an_event_known_already_lets_nobody_wait(core: Core, now: datetime) -> None:
    store(core, (a_message(1, at=now),))
    with core.store.transaction() as session:
        session.execute(update(Conversation).values(waiting_since=None))
    assert store(core, (a_message(1, at=now),)) == [Stored(0, 1, 0, 0)]
    assert [each.waiting_since for each in conversations(core)] == [None]


@pytest.mark.postgres
def test_a11_a_person_whose_row_is_held_keeps_nobody_else_waiting(
    postgres_store: Store, vault: Vault, policy: Policy, clock: FixedClock
) -> None:
    core, now = Core(postgres_store, vault, policy, clock), clock.now()
    store(core, (a_message(1, at=now),))
    with core.store.transaction() as session:
        session.execute(update(Conversation).values(step="changed"))  # a new version of the row, not a lock alone
        fates = store(core, (a_message(2, at=now), a_message(3, BEN, at=now)), (a_message(4, BEN, at=now),))
    assert fates == [None, Stored(1, 0, 0, 0)]
    assert [each.webhook_event_id for each in stored(core)] == ["event-1", "event-4"]
