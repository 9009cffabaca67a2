"""On whatever day the sample is loaded, an agent finds questions of every state, late ones among them."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, time
from pathlib import Path

import pytest
from sqlalchemy import select

from bot.sample.load import load
from bot.sample.month import sample_month
from bot.sample.questions import CANNED, QUESTIONS, ask_helpdesk
from bot.sample.units import UNITS
from core.access import system
from core.accounts.models import Account, Role
from core.accounts.queries import actor_of
from core.audit import Door
from core.clock import FixedClock, taipei_moment
from core.context import Core
from core.helpdesk.canned import canned_answers
from core.helpdesk.queries import DeskList, counts


@pytest.mark.parametrize("day", [date(2026, 1, 1), date(2026, 11, 23)], ids=str)
@pytest.mark.parametrize("hour", [time(0, 5), time(11, 0)], ids=str)
def test_an_agent_has_questions_of_every_state(core_sqlite: Core, tmp_path: Path, day: date, hour: time) -> None:
    core, sample = replace(core_sqlite, clock=FixedClock(taipei_moment(day, hour))), sample_month(day)
    load(core, sample, tmp_path)
    ask_helpdesk(core)
    with core.transaction(system("tests"), Door.COMMAND) as ctx:
        agent = ctx.session.scalars(select(Account).where(Account.role == Role.HELPDESK).order_by(Account.id)).one()
        actor = actor_of(ctx.session, agent.id, day)
        assert actor is not None
        found = counts(ctx.as_actor(actor))
        assert {each.title for each in canned_answers(ctx.as_actor(actor))} == set(CANNED)
    assert found == {
        DeskList.MINE: 2,
        DeskList.UNASSIGNED: 3,
        DeskList.LATE: 1,
        DeskList.WAITING: 1,
        DeskList.UNSOLVED: 5,
        DeskList.SOLVED: 1,
        DeskList.ALL: len(QUESTIONS),
    }


def test_who_asks_is_of_a_unit_there_is() -> None:
    names = {unit.name for unit in UNITS}
    assert {each.who.partition("（")[2].rstrip("）") for each in QUESTIONS} <= names
