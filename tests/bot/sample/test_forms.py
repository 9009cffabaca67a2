"""On whatever day the sample is loaded, a supervisor has replies and a closure to review."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, time
from pathlib import Path

import pytest
from sqlalchemy import select

from bot.sample.forms import REPLYING, send_forms
from bot.sample.load import load
from bot.sample.month import sample_month
from core.access import system
from core.accounts.models import Account, Role
from core.accounts.queries import actor_of
from core.audit import Door
from core.clock import FixedClock, taipei_moment
from core.closures import to_review as closures
from core.context import Core
from core.dispatches import to_review as replies
from core.duties.overview import overview

DAYS = (date(2026, 1, 1), date(2026, 7, 31), date(2028, 2, 29))


@pytest.mark.parametrize("day", DAYS, ids=str)
def test_a_supervisor_has_something_to_review(core_sqlite: Core, tmp_path: Path, day: date) -> None:
    core, sample = replace(core_sqlite, clock=FixedClock(taipei_moment(day, time(0, 5)))), sample_month(day)
    load(core, sample, tmp_path)
    reviewer = next(each.account for each in sample.people if each.role is Role.SUPERVISOR)
    codes = (sample.main.account, reviewer)
    with core.transaction(system("tests"), Door.COMMAND) as ctx:
        ids = {row.code: row.id for row in ctx.session.scalars(select(Account).where(Account.code.in_(codes)))}
        main = actor_of(ctx.session, ids[sample.main.account], day)
        supervisor = actor_of(ctx.session, ids[reviewer], day)
        assert main is not None
        assert supervisor is not None
        before = overview(ctx.as_actor(main))
    send_forms(core)
    with core.transaction(supervisor, Door.DESK) as ctx:
        assert (replies.count(ctx), closures.count(ctx)) == (len(REPLYING), 1)
        assert all(each.sent_at == core.clock.now() for each in replies.waiting(ctx).rows)
        assert overview(ctx.as_actor(main)) == before  # whose numbers the demo's walk speaks of
