"""Whatever is typed, at whatever step, by whomever: an answer that LINE takes, and soon.

It goes through the whole conversation as it is run: stored event, dialog, answer in the outbox.
``FUZZ=2000 pytest --timeout 0 tests/handlers/chat/test_anything.py`` tries so many texts; otherwise a few.
"""

from __future__ import annotations

import json
import os
import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from itertools import count

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from bot.channels.limits import problems
from bot.conversation import Conversations
from bot.events import read_webhook
from bot.render.flex import draw
from core.accounts.models import Permission
from core.cards import from_json
from core.clock import FixedClock
from core.context import Core
from core.inbox.arriving import intake, store
from core.inbox.models import EventState, InboxEvent
from core.notices.channel import Fill
from core.notices.models import Notice
from tests.builders import a_bound_account, a_dispatch
from tests.duties import owe

TRIES = int(os.environ.get("FUZZ", "60"))
SOON = 1.0  # seconds of this process's own work
A_WHILE = timedelta(seconds=20)  # between two texts, so that nobody is thought too fast
FILL = Fill(
    link_url=lambda: "https://phone.example/link?linkToken=token",
    code=lambda _: "01234567",
    page_url=lambda path: f"https://frontdoor.example{path}",
)
BEGINNINGS = ("改信箱", "展延", "案件", "可以結案嗎", "客服", "報修", "申請權限", "停用權限", "提醒時間", "解除綁定")
PIECES = st.sampled_from(["WK00017", "案件", "查", "可以結案嗎", "回覆期限", "111/07/28", "90097", "@", "０８：３０"])
TEXTS = (
    st.text(max_size=400)
    | st.text(st.characters(min_codepoint=0x3000, max_codepoint=0x9FFF), max_size=60)
    | st.lists(PIECES | st.text(max_size=5), max_size=6).map("".join)
    | st.sampled_from(["\x00", "\ud800", "👨‍👩‍👧‍👦" * 300, "案" * 5000, "1" * 5000, "\u202e王小明", "a\u0301" * 500])
)
NUMBERS = count(1)


@dataclass
class Conversation:
    """Somebody bound and somebody unknown, and the program that answers them."""

    core: Core
    clock: FixedClock
    running: Conversations

    def says(self, line_user: str, text: str) -> str:
        """Store a text as a webhook brings it and have it handled; return the event's id."""
        event_id = f"E{next(NUMBERS):025}"
        self.clock.move(A_WHILE)
        now = self.clock.now()
        event = {
            "type": "message",
            "mode": "active",
            "timestamp": int(now.timestamp() * 1000),
            "source": {"type": "user", "userId": line_user},
            "webhookEventId": event_id,
            "replyToken": event_id,
            "message": {"id": event_id, "type": "text", "text": text},
        }
        raw = json.dumps({"destination": "U0", "events": [event]}).encode()
        with intake(self.core) as into:
            store(into, read_webhook(raw, now).events)
        self.running.run()
        return event_id

    def check_answered(self, event_id: str) -> None:
        """Pass if the event was handled and an answer that LINE takes lies in the outbox."""
        with self.core.store.reading() as session:
            event = session.scalars(select(InboxEvent).where(InboxEvent.webhook_event_id == event_id)).one()
            assert (event.state, event.reason) == (EventState.DONE, "")
            said = session.scalars(select(Notice.said).where(Notice.dedupe_key == f"answer:{event_id}")).one()
        answer = from_json(self.core.vault.open(said))
        assert answer.choices
        assert problems(draw(answer, FILL)) == []


@pytest.fixture
def bound(core_sqlite: Core) -> str:
    """The LINE user of a caseworker who owes a reply."""
    both = (Permission.CASEWORKER, Permission.MEAL_CHECKS)
    found = a_bound_account(core_sqlite, permissions=both)
    owe(core_sqlite, a_dispatch(core_sqlite, number="WK00017"))
    return found.line_user


@pytest.fixture
def conversation(core_sqlite: Core, clock: FixedClock) -> Iterator[Conversation]:
    running = Conversations(core_sqlite)
    yield Conversation(core_sqlite, clock, running)
    running.close()


@settings(max_examples=TRIES, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(text=TEXTS, begun_by=st.sampled_from(("", *BEGINNINGS)), is_bound=st.booleans())
def test_any_text_is_answered_at_any_step(
    conversation: Conversation, bound: str, text: str, begun_by: str, *, is_bound: bool
) -> None:
    line_user = bound if is_bound else "U" + "e" * 32
    conversation.says(line_user, "結束")  # of a conversation with a person, where nobody else answers
    if begun_by:
        conversation.says(line_user, begun_by)
    began = time.process_time()
    event_id = conversation.says(line_user, text)
    assert time.process_time() - began < SOON
    conversation.check_answered(event_id)
