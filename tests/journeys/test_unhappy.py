"""What goes wrong between a person and the bot, as they see it: never silence, never twice."""

from __future__ import annotations

import json
from datetime import date, timedelta

import pytest
from sqlalchemy import select, update

from bot.simulator.faults import Fault, FaultKind
from core.access import system
from core.accounts import service as accounts
from core.accounts.models import Account, Binding, Permission, Unit
from core.audit import Door
from core.inbox.models import Conversation, EventState, InboxEvent
from core.inbox.service import RETRY_WAIT
from core.secrets import Sealed
from tests.builders import a_unit, an_account
from tests.journeys.browser import Browser
from tests.journeys.town import Phone, Town

ADDRESS = "staff1@example.gov.tw"
MORNING = "2026-03-11T08:30:00"
TEN_MINUTES = timedelta(minutes=10)


@pytest.fixture
def ann(town: Town) -> Account:
    school: Unit = a_unit(town.core, "清溪國民小學", code="S01")
    account = an_account(town.core, school, permissions=(Permission.CASEWORKER,), email=ADDRESS)
    town.set_password(account.code)
    return account


@pytest.fixture
def phone(town: Town, ann: Account) -> Phone:
    """Ann's phone, bound, with one dispatch due on 115/03/11."""
    town.gets("WK00017", date(2026, 3, 1))
    return town.phone("安安").binds(ann.code, ADDRESS)


def counted(town: Town) -> tuple[int, int]:
    """Return how many replies and pushes LINE has accepted."""
    return len(town.platform.accepted("reply")), len(town.platform.accepted("push"))


def states(town: Town) -> list[EventState]:
    with town.core.store.reading() as session:
        return list(session.scalars(select(InboxEvent.state).order_by(InboxEvent.id)))


def test_somebody_who_blocked_us_gets_the_digest_by_mail_and_by_line_again_afterwards(town: Town, phone: Phone) -> None:
    town.platform.block(phone.user)
    town.settle()
    mails, pushes = len(town.mails_to(ADDRESS)), counted(town)[1]
    town.moves_to(MORNING)
    assert len(town.mails_to(ADDRESS)) == mails + 1
    assert "115/03/11" in town.mails_to(ADDRESS)[-1]
    assert counted(town)[1] == pushes
    town.platform.follow(phone.user)
    town.settle()
    town.moves_to("2026-03-12T08:30:00")
    assert counted(town)[1] == pushes + 1
    assert len(town.mails_to(ADDRESS)) == mails + 1


def test_the_month_limit_sends_the_digest_by_mail(town: Town, phone: Phone) -> None:
    mails, pushes = len(town.mails_to(ADDRESS)), counted(town)[1]
    town.platform.faults.add(Fault("push", FaultKind.QUOTA))
    town.moves_to(MORNING)
    assert len(town.mails_to(ADDRESS)) == mails + 1
    assert counted(town)[1] == pushes
    phone.says("待辦").sees("115/03/11")


def test_a17_binding_another_phone_tells_the_old_one_and_takes_everything_from_it(
    town: Town, ann: Account, phone: Phone
) -> None:
    town.passes(timedelta(minutes=2))
    new = town.phone("新手機").binds(ann.code, ADDRESS)
    new.says("待辦").sees("115/03/11")
    phone.sees("綁定已移到另一個 LINE")
    phone.says("待辦").sees("綁定").sees_nothing_of("WK00017", "王○明")


def test_a15_a_link_that_is_too_old_says_how_to_begin_again(town: Town, ann: Account) -> None:
    phone = town.phone("安安").says("綁定")
    old = phone.link_url()
    town.passes(TEN_MINUTES)
    page = Browser().opens(old).sees("時間過了，請回 LINE 重新輸入「綁定」")
    assert page.status == 410
    phone.binds(ann.code, ADDRESS).says("待辦").sees_nothing_of("還沒有綁定")


def test_a4_a_webhook_that_comes_again_is_answered_once(town: Town, phone: Phone) -> None:
    before = counted(town)
    act = town.platform.say(phone.user, "待辦")
    town.platform.redeliver(act.event_id)
    town.settle()
    town.platform.redeliver(act.event_id)
    town.settle()
    assert counted(town) == (before[0] + 1, before[1])


def test_a51_an_answer_that_comes_too_late_for_its_token_is_pushed(town: Town, phone: Phone) -> None:
    before = counted(town)
    town.platform.say(phone.user, "待辦")
    town.clock.move(timedelta(seconds=50))
    town.settle()
    assert counted(town) == (before[0], before[1] + 1)
    phone.sees("115/03/11")


def test_a57_what_cannot_be_handled_is_set_aside_with_an_apology_and_the_next_word_is_answered(
    town: Town, phone: Phone
) -> None:
    town.platform.say(phone.user, "待辦")
    with town.core.transaction(system("test"), Door.COMMAND) as ctx:
        newest = ctx.session.scalars(select(InboxEvent.id).order_by(InboxEvent.id.desc())).first()
        ctx.session.execute(update(InboxEvent).where(InboxEvent.id == newest).values(body=Sealed(b"altered" * 9)))
    for _ in range(town.core.policy.inbox_tries):
        town.settle()
        town.clock.move(RETRY_WAIT)
    phone.sees("沒有處理成功", "1925")
    assert states(town)[-1] is EventState.PARKED
    phone.says("待辦").sees("115/03/11").sees_nothing_of("沒有處理成功")


def test_a26_an_account_disabled_in_mid_conversation_is_refused_at_the_next_word(
    town: Town, ann: Account, phone: Phone
) -> None:
    phone.says("解除綁定").sees("確定")
    with town.core.transaction(system("test"), Door.COMMAND) as ctx:
        accounts.disable_account(ctx, ann.code)
    phone.says("確定").sees_nothing_of("已解除")
    phone.says("待辦").sees_nothing_of("WK00017", "王○明")
    pushes, mails = counted(town)[1], len(town.mails_to(ADDRESS))
    town.moves_to(MORNING)
    assert counted(town)[1] == pushes
    assert all("WK00017" not in mail for mail in town.mails_to(ADDRESS)[mails:])


def test_a13_what_is_taken_back_is_erased_and_leaves_a_trace(town: Town, phone: Phone) -> None:
    message = town.platform.say(phone.user, "案件 WK00017")
    town.settle()
    town.platform.unsend(phone.user, message_id_of(town, message.event_id))
    town.settle()
    with town.core.store.reading() as session:
        row = session.scalars(select(InboxEvent).where(InboxEvent.webhook_event_id == message.event_id)).one()
    assert town.core.vault.open(row.body) == "{}"
    assert (row.state, row.reason) == (EventState.DONE, "unsent")


def test_a5_a_block_that_comes_after_its_end_is_ignored(town: Town, phone: Phone) -> None:
    with town.platform.batch():
        blocked = town.platform.block(phone.user)
    with town.core.transaction(system("test"), Door.COMMAND) as ctx:
        held = ctx.session.scalars(select(InboxEvent).where(InboxEvent.webhook_event_id == blocked.event_id)).one()
        held.state = EventState.IGNORED
    town.clock.move(timedelta(seconds=1))
    town.platform.follow(phone.user)
    town.settle()
    with town.core.transaction(system("test"), Door.COMMAND) as ctx:
        late = ctx.session.get_one(InboxEvent, held.id)
        late.state = EventState.WAITING
        conversation = ctx.session.get_one(Conversation, late.person)
        conversation.waiting_since = ctx.now
    town.settle()
    with town.core.store.reading() as session:
        assert session.scalars(select(Binding.blocked_at)).one() is None
    assert EventState.IGNORED in states(town)


def message_id_of(town: Town, event_id: str) -> str:
    with town.core.store.reading() as session:
        body = session.scalars(select(InboxEvent.body).where(InboxEvent.webhook_event_id == event_id)).one()
    return str(json.loads(town.core.vault.open(body))["message"]["id"])
