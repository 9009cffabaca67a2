"""A desk with two agents, and somebody who asks."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime

import pytest

from core.access import Actor, system
from core.accounts.models import Permission, Role
from core.accounts.queries import actor_of
from core.audit import Door
from core.clock import FixedClock
from core.context import Core
from core.helpdesk.entries import Written
from core.helpdesk.models import HelpKind, HelpRequest
from core.helpdesk.service import Asked, Asker, ask, write
from tests.builders import a_bound_account, a_unit, an_account
from tests.databases import Beginnings

MONDAY = "2026-11-23T09:00"


@dataclass
class Desk:
    """A core at nine on a Monday, two agents, a lead, and a caseworker's phone."""

    core: Core
    ann: Actor
    bob: Actor
    lead: Actor
    person: str
    line_user: str
    account_id: int

    def moves_to(self, moment: str) -> None:
        assert isinstance(self.core.clock, FixedClock)
        self.core.clock.at = datetime.fromisoformat(f"{moment}+08:00")

    def asks(self, text: str = "畫面是白的", kind: HelpKind = HelpKind.FAULT, message_id: str = "") -> Asked:
        with self.core.transaction(system("chat"), Door.CHAT) as ctx:
            asker = Asker(self.person, ctx.vault.seal(self.line_user), "小安", self.account_id)
            return ask(ctx, asker, kind, "", Written(text, message_id=message_id))

    def writes(self, text: str, message_id: str = "") -> None:
        with self.core.transaction(system("chat"), Door.CHAT) as ctx:
            assert write(ctx, self.person, Written(text, message_id=message_id))

    def row(self, number: int) -> HelpRequest:
        with self.core.reading(system("test"), Door.JOB) as ctx:
            return ctx.session.get_one(HelpRequest, number)


@pytest.fixture
def desk(core: Core, beginnings: Beginnings) -> Desk:
    return a_kept_desk(core, beginnings)


@pytest.fixture
def desk_sqlite(core_sqlite: Core, beginnings: Beginnings) -> Desk:
    return a_kept_desk(core_sqlite, beginnings)


def a_kept_desk(core: Core, beginnings: Beginnings) -> Desk:
    """Return a desk that the first test of a worker built."""
    desk = replace(beginnings.of(core, a_desk), core=core)
    desk.moves_to(MONDAY)
    return desk


def a_desk(core: Core) -> Desk:
    unit = a_unit(core, "社會局資訊室")
    agents = [an_account(core, unit, role=Role.HELPDESK) for _ in range(2)]
    lead = an_account(core, unit, role=Role.HELPDESK, permissions=(Permission.SUPERVISOR,))
    bound = a_bound_account(core)
    ann, bob, leader = (_actor(core, each.id) for each in (*agents, lead))
    desk = Desk(core, ann, bob, leader, bound.person, bound.line_user, bound.account.id)
    desk.moves_to(MONDAY)
    return desk


def _actor(core: Core, account_id: int) -> Actor:
    with core.reading(system("test"), Door.JOB) as ctx:
        found = actor_of(ctx.session, account_id, ctx.today)
    assert found is not None
    return found
