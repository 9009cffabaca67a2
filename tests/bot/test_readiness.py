"""``readyz`` is red when workers leave something lying, and says for how long it has waited."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from threading import Event

import pytest
from sqlalchemy import update

from bot.readiness import Readiness, State, readiness
from core.access import system
from core.audit import Door
from core.cards import said
from core.clock import FixedClock
from core.context import Core
from core.inbox import arriving
from core.inbox.arriving import IncomingEvent
from core.notices.models import Doorway, Notice, NoticeKind, NoticeState, Urgency, Via
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
    found = readiness(core)
    assert (found["ready"], found["inbox_age_seconds"], found["outbox_late_seconds"]) == (True, 0, 0)


@pytest.mark.parametrize(("left", "name"), [(an_event, "inbox_age_seconds"), (a_notice, "outbox_late_seconds")])
def test_what_is_left_lying_makes_it_red(
    core: Core, clock: FixedClock, left: Callable[[Core], None], name: str
) -> None:
    left(core)
    clock.move(LIMIT)
    assert (readiness(core)["ready"], readiness(core)[name]) == (True, LIMIT.total_seconds())
    clock.move(SECOND)
    assert readiness(core)["ready"] is False


def test_what_is_to_go_later_or_is_held_for_a_person_is_not_late(core_sqlite: Core, clock: FixedClock) -> None:
    a_notice(core_sqlite)
    clock.move(LIMIT + SECOND)
    for changed in ({"not_before": clock.now() + SECOND}, {"state": NoticeState.HELD, "not_before": clock.now()}):
        with core_sqlite.transaction(system("tests"), Door.JOB) as ctx:
            ctx.session.execute(update(Notice).values(**changed))
        assert readiness(core_sqlite)["ready"] is True
    clock.move(LIMIT + SECOND)
    assert readiness(core_sqlite)["ready"] is True


def by_mail(core: Core, key: str, account_id: int, **columns: object) -> None:
    with core.transaction(system("tests"), Door.JOB) as ctx:
        kind = NoticeKind.REMINDER
        say(ctx, to=ToAccount(account_id), answer=said("您好"), kind=kind, key=key, urgency=Urgency.ALWAYS)
        ctx.session.execute(update(Notice).where(Notice.dedupe_key == key).values(via=Via.MAIL, **columns))


@pytest.mark.parametrize(("door", "is_ready"), [("mail", True), ("line", False)])
def test_what_a_channel_that_refuses_us_would_carry_is_no_fault_of_the_workers(
    core: Core, clock: FixedClock, door: str, is_ready: bool
) -> None:
    by_mail(core, "1", a_bound_account(core).account.id)
    with core.transaction(system("tests"), Door.JOB) as ctx:
        ctx.session.add(Doorway(name=door, shut_at=clock.now()))
    clock.move(LIMIT + SECOND)
    assert readiness(core)["ready"] is is_ready


@pytest.mark.parametrize(("tries", "is_ready"), [(3, True), (0, False)])
def test_what_keeps_its_order_behind_something_that_is_tried_again_is_not_lying(
    core: Core, clock: FixedClock, tries: int, is_ready: bool
) -> None:
    ann, ben = (a_bound_account(core).account.id for _ in range(2))
    by_mail(core, "1", ann, tries=tries, not_before=clock.now() + 2 * LIMIT)
    by_mail(core, "2", ann)
    clock.move(LIMIT + SECOND)
    assert readiness(core)["ready"] is is_ready
    by_mail(core, "3", ben, not_before=clock.now() - LIMIT - SECOND)
    assert readiness(core)["ready"] is False


def test_a_database_that_stands_still_keeps_nobody_waiting() -> None:
    goes_on, looks = Event(), []

    def look() -> State:
        looks.append(1)
        assert goes_on.wait(60)
        return {"ready": True}

    ready = Readiness(look, patience=0.01)
    for _ in range(3):
        assert ready.state() == {"ready": False, "database": "no answer within 0.01 seconds"}
    assert len(looks) == 1, "who asks meanwhile begins no look of their own"
    goes_on.set()
    patient = Readiness(look)
    assert patient.state() == {"ready": True}
    assert patient.state() == {"ready": True}
    assert len(looks) == 3, "each who asks after that is told how it is now"


def test_what_goes_wrong_in_a_look_is_raised_where_it_is_asked_and_the_next_looks_anew() -> None:
    found: list[State | Exception] = [ValueError("odd"), {"ready": True}]

    def look() -> State:
        each = found.pop(0)
        if isinstance(each, Exception):
            raise each
        return each

    ready = Readiness(look)
    with pytest.raises(ValueError, match="odd"):
        ready.state()
    assert ready.state() == {"ready": True}
