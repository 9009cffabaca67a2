"""``frontdoor audit verify``: how far the audit reaches is said, and one that is all gone is no whole one."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from click.testing import CliRunner, Result
from sqlalchemy import text

from bot import cli
from core.access import system
from core.audit import GENESIS, Door
from core.clock import FixedClock
from core.context import Core
from core.helpdesk.entries import Written
from core.helpdesk.models import HelpKind
from core.helpdesk.service import Asker, ask
from tests.builders import a_bound_account

DAY = timedelta(days=1)


def verify() -> Result:
    return CliRunner().invoke(cli.frontdoor, ("audit", "verify"))


def note(core: Core, *, days: int = 0) -> None:
    assert isinstance(core.clock, FixedClock)
    core.clock.move(days * DAY)
    with core.transaction(system("test"), Door.COMMAND) as ctx:
        ctx.note("one", "subject:1")


def ask_for_help(core: Core) -> None:
    with core.transaction(system("test"), Door.PAGE) as ctx:
        ask(ctx, Asker(email="lin@ntpc.example"), HelpKind.LOGIN, "", Written("登入不了"))


def take_all_away(core: Core) -> None:
    """Wipe the audit as somebody would who may write to the database, but has no key."""
    with core.store.transaction() as session:
        session.execute(text("DELETE FROM audit_rows"))
        session.execute(text("UPDATE audit_head SET last_row = 0, chained = :genesis"), {"genesis": GENESIS})


def test_how_many_rows_there_are_is_said_and_from_when_to_when(house: Core) -> None:
    assert verify().output == "The audit is whole: no rows.\n"
    note(house)
    note(house, days=1)
    said = verify()
    span = "from 2026-03-04 10:00:00+08:00 to 2026-03-05 10:00:00+08:00"
    assert said.output == f"The audit is whole: rows 1 to 2, {span}.\n"
    assert said.exit_code == 0


@pytest.mark.parametrize("left", [ask_for_help, a_bound_account], ids=["request", "binding"])
@pytest.mark.parametrize("begins_anew", [False, True])
def test_an_audit_that_is_all_gone_contradicts_what_it_told_of(
    house: Core, left: Callable[[Core], object], *, begins_anew: bool
) -> None:
    note(house)
    left(house)
    assert verify().exit_code == 0
    take_all_away(house)
    if begins_anew:
        note(house, days=1)
    said = verify()
    assert said.exit_code == 1
    rows = "rows 1 to 1, from 2026-03-05 10:00:00+08:00 to 2026-03-05 10:00:00+08:00" if begins_anew else "no rows"
    assert f"has lost its beginning: it has {rows}, and what it must" in str(said.exception)
    assert "is from 2026-03-04 10:00:00+08:00" in str(said.exception)
