"""People who write while the web, the chat and the sender are killed: every event stored is answered once.

LINE posts again what was not acknowledged. An event that was acknowledged must be stored; one that was not may be.
"""

from __future__ import annotations

import json
import os
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from random import Random
from typing import Any

from flask import Flask
from sqlalchemy import select

from bot.conversation import Conversations
from bot.webhook import add_webhook, signature_of
from core.clock import FixedClock, SystemClock
from core.context import Core
from core.inbox.models import EventState, InboxEvent
from core.notices.models import Notice, NoticeState, Via
from scheduler.delivery import Delivery
from tests.faults.killing import Killer, Report, harm
from tests.faults.ledger import Ledger, LedgerLine, LedgerMail
from tests.faults.places import Place, chance_of

SECRET = "channel secret for tests"
PEOPLE = 40
WORDS = ("選單", "你好", "綁定", "取消", "待辦")
TO_BIND = ("綁定",)  # of its answer LINE is asked first
MOMENTS = (timedelta(seconds=1), timedelta(seconds=31), timedelta(seconds=46))
"""A lease still holds; a person's lease is over; a reply token is so old that we say that the answer is to come."""
LATER, ENDINGS = timedelta(minutes=31), 40
WARM = 12


@dataclass
class Talk:
    """Everybody's phones, as LINE sees them."""

    core: Core
    clock: FixedClock
    ledger: Ledger
    acknowledged: Path
    chance: Random
    posted: dict[str, dict[str, Any]] = field(default_factory=dict)
    """Every event by its id."""
    _taken: set[str] = field(default_factory=set)

    def __post_init__(self) -> None:
        self.app = Flask("faults")
        add_webhook(self.app, self.core, SECRET, lambda: None)

    def next_round(self, words: Sequence[str] = WORDS) -> Callable[[], None]:
        """Let time pass and two people write one of these words each; return the work of this round."""
        self.clock.move(self.chance.choice(MOMENTS))
        for person in self.chance.sample(range(PEOPLE), 2):
            self._write(f"U{person:032x}", self.chance.choice(words))
        self.look()
        seed = self.chance.random()
        return lambda: self.work(chance_of(seed))

    def work(self, chance: Random) -> None:
        """Be LINE's post and all of the house: take the webhooks, answer, send."""
        for event_id in [each for each in self.posted if each not in self._taken]:
            self._post(event_id)
        conversations = Conversations(self.core)
        conversations.say_working()
        conversations.run()
        conversations.close()
        line, mail = LedgerLine(ledger=self.ledger, chance=chance), LedgerMail(ledger=self.ledger)
        delivery = Delivery(self.core, line, mail, "http://127.0.0.1:8000", SystemClock(), chance.random)
        delivery.run()
        delivery.close()

    def look(self) -> None:
        """Read what LINE heard and what was acknowledged."""
        self.ledger.look()
        if self.acknowledged.exists():
            self._taken = set(self.acknowledged.read_text().split())

    def end(self) -> None:
        """Let a house that nobody kills do what is left."""
        for _ in range(ENDINGS):
            self.clock.move(LATER)
            self.look()
            self.work(self.chance)
            if not self._is_under_way():
                break
        self.look()

    def _is_under_way(self) -> bool:
        """Return whether something is still to be handled or said."""
        with self.core.store.reading() as session:
            waiting = session.scalar(select(InboxEvent.id).where(InboxEvent.state == EventState.WAITING).limit(1))
            to_say = (NoticeState.CREATED, NoticeState.CLAIMED)
            unsaid = session.scalar(select(Notice.id).where(Notice.state.in_(to_say)).limit(1))
        return waiting is not None or unsaid is not None or len(self._taken) < len(self.posted)

    def _write(self, person: str, text: str) -> None:
        number = len(self.posted)
        self.posted[f"event-{number}"] = {
            "type": "message",
            "mode": "active",
            "webhookEventId": f"event-{number}",
            "timestamp": round(self.clock.now().timestamp() * 1000),
            "source": {"type": "user", "userId": person},
            "replyToken": f"{person}/{number}",
            "message": {"id": str(number), "type": "text", "text": text},
        }

    def _post(self, event_id: str) -> None:
        raw = json.dumps({"destination": "", "events": [self.posted[event_id]]}).encode()
        signed = {"X-Line-Signature": signature_of(raw, SECRET)}
        answer = self.app.test_client().post("/line/webhook", data=raw, headers=signed)
        assert answer.status_code == 200
        handle = os.open(self.acknowledged, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
        os.write(handle, f"{event_id}\n".encode())
        os.close(handle)


def run(place: Place, kills: int) -> Report:
    """Kill the house so many times while people write; hold what LINE heard against what they wrote."""
    killer = Killer(place.core, place.chance, place.seconds)
    talk = Talk(place.core, place.clock, Ledger(place.folder / "accepted"), place.folder / "acknowledged", place.chance)
    for _ in range(WARM):
        talk.next_round()()
    lost = 0
    while not killer.is_done(kills):
        killer.take(talk.next_round())
        lost += _acknowledged_and_not_stored(talk) if killer.kills % 10 == 0 else 0
    talk.end()
    found = wrong(talk) + Counter({"acknowledged and not stored": lost + _acknowledged_and_not_stored(talk)})
    return Report(f"webhook to answer on {place.kind}", killer, +found + harm(place.core), _seen(talk))


def _acknowledged_and_not_stored(talk: Talk) -> int:
    talk.look()
    with talk.core.store.reading() as session:
        stored = set(session.scalars(select(InboxEvent.webhook_event_id)))
    return len(talk._taken - stored)


def wrong(talk: Talk) -> Counter[str]:
    """Hold what LINE heard against what was written; nothing if all is well."""
    with talk.core.store.reading() as session:
        events = list(session.scalars(select(InboxEvent)))
        notices = {each.dedupe_key: each for each in session.scalars(select(Notice))}
    found = Counter({"events lost": len(talk.posted) - len(events)})
    for event in events:
        found["not handled"] += event.state is not EventState.DONE
        found.update(_fate(talk, event.webhook_event_id, notices))
    found["changed between tries"] = talk.ledger.changed()
    return +found


def _fate(talk: Talk, event_id: str, notices: dict[str, Notice]) -> Counter[str]:
    """Return what is wrong with the answer to one event: its reply, if any was accepted, and its push."""
    answer = notices.get(f"answer:{event_id}")
    if answer is None:
        return Counter({"not answered": 1})
    token = talk.posted[event_id]["replyToken"] in talk.ledger.known
    spent = token and f"working:{event_id}" not in notices  # else it was spent on saying that the answer is to come
    carrier = next((each for each in notices.values() if each.id == answer.carried_by), answer)
    pushed = answer.via is Via.PUSH and str(carrier.retry_key) in talk.ledger.known
    return Counter(
        {
            "doubled": spent and pushed,
            "lost": answer.state is NoticeState.ACCEPTED and not (spent or pushed),
            "unsettled": answer.state not in (NoticeState.ACCEPTED, NoticeState.AMBIGUOUS),
        }
    )


def _seen(talk: Talk) -> Counter[str]:
    ways = Counter(each.via for each in talk.ledger.entries)
    with talk.core.store.reading() as session:
        keys = [each for each in session.scalars(select(Notice.dedupe_key)) if each.startswith("working:")]
        unsure = len(session.scalars(select(Notice.id).where(Notice.state == NoticeState.AMBIGUOUS)).all())
    return Counter(
        {
            "events": len(talk.posted),
            "replies": ways[Via.REPLY],
            "pushes": ways[Via.PUSH],
            "said to be under way": len(keys),
            "unsure replies": unsure,
        }
    )
