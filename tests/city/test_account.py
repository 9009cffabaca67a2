"""The account of a month sees what is wrong: each finding here is brought about on purpose."""

from __future__ import annotations

from datetime import timedelta
from uuid import uuid4

import pytest
from sqlalchemy import update

from bot.simulator.platform import Platform
from core.access import system
from core.audit import Door
from core.cards import said
from core.clock import FixedClock
from core.context import Core
from core.duties.models import Duty
from core.notices.models import Notice, NoticeKind, NoticeState, Urgency, Via
from core.notices.service import ToAccount, say
from tests.builders import Bound, a_bound_account, a_check
from tests.city.account import Account
from tests.city.house import SECRET
from tests.city.line import NOWHERE, Taken
from tests.city.talk import Bag
from tests.duties import a_duty

EVENING = timedelta(hours=12)


@pytest.fixture
def account(core_sqlite: Core, clock: FixedClock) -> Account:
    platform = Platform(clock, channel_secret=SECRET, channel_access_token="unused", webhook_url=NOWHERE)
    return Account(core_sqlite, Bag(platform))


@pytest.fixture
def bound(core_sqlite: Core) -> Bound:
    return a_bound_account(core_sqlite)


def tell(
    core: Core, bound: Bound, kind: NoticeKind = NoticeKind.REMINDER, duties: tuple[int, ...] = (), about: str = ""
) -> int:
    """Queue something, as accepted by push; return its notice."""
    with core.transaction(system("test"), Door.JOB) as ctx:
        key = f"{about}{uuid4().hex}"
        to = ToAccount(bound.account.id)
        say(ctx, to=to, answer=said("您好"), kind=kind, key=key, urgency=Urgency.ROUTINE, duties=duties)
        values = {"state": NoticeState.ACCEPTED, "reason": "accepted", "settled_at": ctx.now, "via": Via.PUSH}
        changed = update(Notice).where(Notice.dedupe_key == key).values(**values).returning(Notice.id)
        return ctx.session.execute(changed).scalar_one()


def push(notice_id: int, *previews: str) -> Taken:
    return Taken(Via.PUSH, notice_id, uuid4().hex, previews)


def test_what_is_said_once_is_right(account: Account, bound: Bound, core_sqlite: Core) -> None:
    account.keep(push(tell(core_sqlite, bound), "您有待辦事項。"))
    account.hold_day()
    account.hold_month()
    assert account.found == []


def test_a_push_that_came_twice_is_seen(account: Account, bound: Bound, core_sqlite: Core) -> None:
    notice_id = tell(core_sqlite, bound)
    for _ in range(2):
        account.keep(push(notice_id))
    account.hold_month()
    assert [each.partition(":")[0] for each in account.found] == ["said 2 times by LINE"]


def test_what_was_accepted_and_nobody_took_is_seen(account: Account, bound: Bound, core_sqlite: Core) -> None:
    tell(core_sqlite, bound)
    account.hold_month()
    assert [each.partition(":")[0] for each in account.found] == ["accepted, and nobody took it"]


def test_two_digests_pushed_on_a_day_are_seen(account: Account, bound: Bound, core_sqlite: Core) -> None:
    for _ in range(2):
        account.keep(push(tell(core_sqlite, bound, NoticeKind.DIGEST)))
    account.hold_month()
    assert [each.partition(" on")[0] for each in account.found] == [f"2 digests pushed to {bound.account.id}"]


def test_what_rode_with_no_digest_is_seen(account: Account, bound: Bound, core_sqlite: Core) -> None:
    account.keep(push(tell(core_sqlite, bound, NoticeKind.DIGEST)))
    account.keep(push(tell(core_sqlite, bound, about="digest:")))
    account.hold_month()
    assert [each.partition(" on")[0] for each in account.found] == [f"2 digests pushed to {bound.account.id}"]


def test_what_is_said_in_the_quiet_hours_is_seen(
    account: Account, bound: Bound, core_sqlite: Core, clock: FixedClock
) -> None:
    clock.move(EVENING)
    account.keep(push(tell(core_sqlite, bound)))
    assert [each.partition(":")[0] for each in account.found] == ["said in the quiet hours"]


@pytest.mark.parametrize(("tried", "is_seen"), [(EVENING, False), (timedelta(), True)])
def test_what_goes_again_at_night_with_what_cannot_wait_was_put_together_by_day(
    account: Account, bound: Bound, core_sqlite: Core, clock: FixedClock, tried: timedelta, *, is_seen: bool
) -> None:
    clock.move(EVENING)
    carrier, rider = (tell(core_sqlite, bound) for _ in range(2))
    with core_sqlite.transaction(system("test"), Door.JOB) as ctx:
        answer = {"urgency": Urgency.ALWAYS, "first_tried_at": clock.now() - tried}
        ctx.session.execute(update(Notice).where(Notice.id == carrier).values(**answer))
        ctx.session.execute(update(Notice).where(Notice.id == rider).values(carried_by=carrier))
    account.keep(push(carrier))
    assert bool(account.found) is is_seen


def test_what_is_said_after_its_duty_ended_is_seen(account: Account, bound: Bound, core_sqlite: Core) -> None:
    duty = a_duty(core_sqlite, a_check(core_sqlite), due_at=core_sqlite.clock.now())
    notice_id = tell(core_sqlite, bound, duties=(duty.id,))
    with core_sqlite.transaction(system("test"), Door.JOB) as ctx:
        ctx.session.get_one(Duty, duty.id).ended_at = ctx.now
    account.keep(push(notice_id))
    assert [each.partition(":")[0] for each in account.found] == ["said after its duties ended"]


def test_a_late_duty_that_nobody_is_told_of_is_seen(account: Account, core_sqlite: Core, clock: FixedClock) -> None:
    a_duty(core_sqlite, a_check(core_sqlite), due_at=clock.now())
    clock.move(timedelta(seconds=1))
    account.hold_day()
    assert account.found == ["late, and nobody is told: duty 1 check"]


@pytest.mark.parametrize("preview", ["王小明的檢核單", "您的驗證碼 01234567", "A199900012", "案件 WK7"])
def test_a_preview_that_says_too_much_is_seen(account: Account, bound: Bound, core_sqlite: Core, preview: str) -> None:
    account.keep(push(tell(core_sqlite, bound), preview))
    assert account.found == [f"a preview says too much: {preview}"]


def test_an_event_that_was_acknowledged_and_is_not_there_is_seen(account: Account) -> None:
    account.bag.taken.add("event")
    account.hold_day()
    assert account.found == ["acknowledged and not stored: ['event']"]


@pytest.mark.parametrize(
    ("ended", "is_seen"), [(None, True), (timedelta(seconds=1), True), (timedelta(), False)], ids=str
)
def test_something_dropped_for_a_reason_that_was_not_true_then_is_seen(
    account: Account, bound: Bound, core_sqlite: Core, ended: timedelta | None, *, is_seen: bool
) -> None:
    duty = a_duty(core_sqlite, a_check(core_sqlite), due_at=core_sqlite.clock.now())
    notice_id = tell(core_sqlite, bound, duties=(duty.id,))
    with core_sqlite.transaction(system("test"), Door.JOB) as ctx:
        row = ctx.session.get_one(Notice, notice_id)
        row.state, row.reason, row.settled_at = NoticeState.DROPPED, "duties_ended", ctx.now
        ctx.session.get_one(Duty, duty.id).ended_at = None if ended is None else ctx.now + ended
    account.hold_month()
    assert [each.partition(":")[0] for each in account.found] == ["dropped for no good reason"] * is_seen
