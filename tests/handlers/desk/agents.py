"""Agents before the desk, what they type, and what the database holds of the helpdesk."""

from __future__ import annotations

import re
from collections.abc import Callable
from html import unescape

from sqlalchemy import func, select

from core.access import Actor, system
from core.accounts.models import Account
from core.accounts.queries import actor_of
from core.audit import Door
from core.context import Core
from core.helpdesk.entries import Written
from core.helpdesk.models import HelpEntry, HelpRequest, Side
from core.helpdesk.service import write
from tests.handlers.pages.conftest import Browser


class Agent(Browser):
    """An agent's browser."""

    def __init__(self, browser: Browser, account: Account) -> None:
        super().__init__(browser.client)
        self.account = account

    def posts(self, path: str, **typed: str) -> int:
        """Send a form of the page that is open, and keep what is answered."""
        self.page = self.client.post(f"/desk/help/{path}", data=self.token | typed)
        status = self.page.status_code
        if status == 303:
            self.opens(self.page.location)
        return status

    @property
    def token(self) -> dict[str, str]:
        """The token of the page's forms."""
        found = re.search(r'name="csrf_token" value="([^"]+)"', self.text)
        return {"csrf_token": found[1] if found else ""}

    def answers(self, number: int, text: str, **typed: str) -> int:
        seen = re.search(r'name="seen" value="(\d+)"', self.text)
        assert seen
        return self.posts(f"{number}/answer", text=text, seen=seen[1], **typed)

    def reads(self, path: str) -> str:
        """Open a page and return what stands there."""
        self.opens(path)
        return self.words

    @property
    def words(self) -> str:
        return unescape(re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", self.text)))


def user_writes(core: Core, asker_id: int, text: str, message_id: str = "") -> None:
    with core.transaction(system("tests"), Door.CHAT) as ctx:
        assert write(ctx, f"person-{asker_id}", Written(text, message_id=message_id))


def row(core: Core, number: int) -> HelpRequest:
    with core.store.reading() as session:
        return session.get_one(HelpRequest, number)


def actor(core: Core, agent: Agent) -> Actor:
    with core.transaction(system("tests"), Door.JOB) as ctx:
        found = actor_of(ctx.session, agent.account.id, ctx.today)
    assert found
    return found


def entries(core: Core, side: Side) -> int:
    with core.store.reading() as session:
        return session.scalar(select(func.count()).select_from(HelpEntry).where(HelpEntry.side == side)) or 0


Sits = Callable[..., Agent]
"""Seats an agent of a name, with further permissions, before a browser."""
