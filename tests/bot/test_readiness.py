"""``readyz`` is red when workers leave something lying, and says for how long it has waited."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlalchemy import update

from bot.app import _readiness
from core.access import system
from core.audit import Door
from core.cards import said
from core.clock import FixedClock
from core.context import Core
from core.inbox import arriving
from core.inbox.arriving import IncomingEvent
from core.notices.models import Notice, NoticeKind, NoticeState, Urgency
from core.notices.service import ToAccount, say
from tests.builders import a_bound_account

LIMIT, SECOND = timedelta(minutes=15), timedelta(seconds=1)


def an_event(core: Core) -> None:
    event = IncomingEvent("event-1", "message", "{}", "U" + "a" * 32, core.clock.now(), to_handle=True)
    with arriving.intake(core) as into:
        arriving.store(into, [event])


def a_notice(core: Core) -> None:
    account = a_bound_account(core).account
    with core.transaction(system("tests"), Door.JOB) as ctx:
        say(ctx, to=ToAccount(account.id), answer=said("您好"), kind=NoticeKind.CODE, key="1", urgency=Urgency.ALWAYS)


def test_an_empty_house_is_ready(core: Core) -> None:
    found = _readiness(core)
    assert (found["ready"], found["inbox_age_seconds"], found["outbox_late_seconds"]) == (True, 0, 0)


@pytest.mark.parametrize(("left", "name"), [(an_event, "inbox_age_seconds"), (a_notice, "outbox_late_seconds")])
def test_what_is_left_lying_makes_it_red(
    core: Core, clock: FixedClock, left: Callable[[Core], None], name: str
) -> None:
    left(core)
    clock.move(LIMIT)
    assert (_readiness(core)["ready"], _readiness(core)[name]) == (True, LIMIT.total_seconds())
    clock.move(SECOND)
    assert _readiness(core)["ready"] is False


def test_what_is_to_go_later_or_is_held_for_a_person_is_not_late(core_sqlite: Core, clock: FixedClock) -> None:
    a_notice(core_sqlite)
    clock.move(LIMIT + SECOND)
    for changed in ({"not_before": clock.now() + SECOND}, {"state": NoticeState.HELD, "not_before": clock.now()}):
        with core_sqlite.transaction(system("tests"), Door.JOB) as ctx:
            ctx.session.execute(update(Notice).values(**changed))
        assert _readiness(core_sqlite)["ready"] is True
    clock.move(LIMIT + SECOND)
    assert _readiness(core_sqlite)["ready"] is True
