"""A person takes a conversation over and never comes back: the bot answers again after a time-out (A62)."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import datetime, timedelta

import pytest
from sqlalchemy import func, select

from bot.conversation import Conversations
from core.access import Actor, system
from core.accounts.models import Role
from core.accounts.queries import actor_of
from core.audit import Door
from core.clock import FixedClock
from core.context import Core
from core.helpdesk import answering
from core.helpdesk.models import HelpEntry, HelpRequest, HelpState, Side
from core.inbox import arriving
from core.inbox.arriving import IncomingEvent
from core.notices.models import Notice
from tests.builders import an_account

ANN = "U" + "a" * 32
TALKS = timedelta(hours=72)
TICK = timedelta(seconds=1)


@pytest.fixture
def talks(core_sqlite: Core) -> Iterator[Conversations]:
    conversations = Conversations(core_sqlite)
    yield conversations
    conversations.close()


def says(core: Core, talks: Conversations, text: str) -> int:
    """Let somebody type a text; return how many messages the bot has said by then."""
    number = total(core, Notice) + total(core, HelpEntry) + int(core.clock.now().timestamp())
    body = {
        "type": "message",
        "replyToken": f"token-{text}",
        "source": {"type": "user", "userId": ANN},
        "message": {"type": "text", "id": f"{number}-{text}", "text": text},
    }
    event = IncomingEvent(f"{number}-{text}", "message", json.dumps(body), ANN, core.clock.now(), to_handle=True)
    with arriving.intake(core) as into:
        arriving.store(into, (event,))
    talks.run()
    return total(core, Notice)


def total(core: Core, table: type[Notice | HelpEntry]) -> int:
    with core.store.reading() as session:
        return session.scalar(select(func.count()).select_from(table)) or 0


def heard(core: Core) -> int:
    """Return how many things the person has written into requests."""
    with core.store.reading() as session:
        return session.scalar(select(func.count()).where(HelpEntry.side == Side.USER)) or 0


def an_agent(core: Core) -> Actor:
    made = an_account(core, role=Role.HELPDESK, permissions=())
    with core.transaction(system("tests"), Door.JOB) as ctx:
        found = actor_of(ctx.session, made.id, ctx.today)
    assert found
    return found


def taken_over(core: Core, talks: Conversations) -> int:
    for text in ("報修", "畫面是白的"):
        says(core, talks, text)
    with core.transaction(an_agent(core), Door.DESK) as ctx:
        (number,) = ctx.session.scalars(select(HelpRequest.id))
        answering.take(ctx, number)
    return number


def test_a62_an_abandoned_take_over_ends_and_the_bot_answers_again(
    core_sqlite: Core, talks: Conversations, clock: FixedClock
) -> None:
    assert isinstance(clock.at, datetime)
    number = taken_over(core_sqlite, talks)
    said, begun = total(core_sqlite, Notice), clock.at
    clock.at = begun + timedelta(hours=2)
    assert says(core_sqlite, talks, "有人在嗎") == said
    assert heard(core_sqlite) == 2
    clock.at = begun + timedelta(hours=2) + TALKS - TICK
    says(core_sqlite, talks, "還有人在嗎")
    assert heard(core_sqlite) == 3
    said = total(core_sqlite, Notice)
    clock.move(TALKS)
    assert says(core_sqlite, talks, "哈囉哈囉") == said + 1
    assert heard(core_sqlite) == 3
    with core_sqlite.store.reading() as session:
        assert session.get_one(HelpRequest, number).state is HelpState.OPEN


def test_a62_during_a_take_over_the_words_of_the_menu_still_reach_the_bot(
    core_sqlite: Core, talks: Conversations
) -> None:
    taken_over(core_sqlite, talks)
    said = total(core_sqlite, Notice)
    assert says(core_sqlite, talks, "選單") == said + 1
    assert heard(core_sqlite) == 1
