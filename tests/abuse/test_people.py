"""A16, A26, A27 through the whole system: a link sent to a victim, a right that ends mid-way, a phone that is lost."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

import pytest
from sqlalchemy import select

from core.access import system
from core.accounts.links import unbind
from core.accounts.models import Account, BindingEnd, Permission, Role, Unit
from core.accounts.notices import password_stands_already
from core.audit import Door
from core.clock import FixedClock, taipei_date
from core.context import Core
from core.notices.models import Notice, NoticeKind, Urgency, Via
from core.notices.service import ToAccount, say
from core.policy import Policy
from tests.builders import a_unit, an_account
from tests.journeys.browser import Browser
from tests.journeys.town import PASSWORD, Phone, Town, a_town

ADDRESS = "staff1@example.gov.tw"
A_WHILE = timedelta(minutes=2)
DAY = timedelta(days=1)
MORNING = "2026-03-11T08:30:00"


@pytest.fixture
def policy() -> Policy:
    return Policy(argon2_memory_kib=8, argon2_passes=1)


@pytest.fixture
def town(core_sqlite: Core, clock: FixedClock) -> Iterator[Town]:
    with a_town(core_sqlite, clock) as running:
        yield running


@pytest.fixture
def school(town: Town) -> Unit:
    """A school that owes a reply on 115/03/11."""
    unit = a_unit(town.core, "清溪國民小學", code="S01")
    town.gets("WK00017", date(2026, 3, 1))
    return unit


@pytest.fixture
def ann(town: Town, school: Unit) -> Account:
    account = an_account(town.core, school, permissions=(Permission.CASEWORKER,), email=ADDRESS)
    town.set_password(account.code)
    town.settle()
    return account


@pytest.fixture
def phone(town: Town, ann: Account) -> Phone:
    return town.phone("安安").binds(ann.code, ADDRESS)


def changes(town: Town, account: Account, **columns: object) -> None:
    with town.core.transaction(system("test"), Door.COMMAND) as ctx:
        row = ctx.session.get_one(Account, account.id)
        for name, value in columns.items():
            setattr(row, name, value)


def test_a16_a_victim_of_anothers_link_sees_whose_it_is_is_told_and_undoes_it(town: Town, ann: Account) -> None:
    mallory = town.phone("馬先生的手機").says("綁定")
    victim = Browser().opens(mallory.link_url()).sees("要綁定的 LINE", "馬先生的手機", "請關閉這個頁面")
    victim.submits(account=ann.code, password=PASSWORD).sees("馬先生的手機", ann.code)
    town.settle()
    victim.submits(code=town.code_in_mail(ADDRESS))
    town.settle()
    mallory.says("待辦").sees("WK00017")
    assert "如果不是您本人綁定的" in town.mails_to(ADDRESS)[-1]
    town.passes(A_WHILE)
    own = town.phone("安安").binds(ann.code, ADDRESS)
    own.says("待辦").sees("WK00017")
    mallory.says("待辦").sees("綁定").sees_nothing_of("WK00017", "王○明")


def test_a26_an_account_past_its_last_day_is_refused_at_the_next_word(town: Town, ann: Account, phone: Phone) -> None:
    changes(town, ann, ends_on=taipei_date(town.clock.now()))
    phone.says("待辦").sees("WK00017")
    phone.says("解除綁定").sees("確定")
    town.passes(DAY)
    phone.says("待辦").sees_nothing_of("WK00017", "王○明")
    pushes = len(town.platform.accepted("push"))
    town.moves_to(MORNING)
    assert len(town.platform.accepted("push")) == pushes


def test_a26_somebody_moved_to_another_unit_sees_its_cases_at_the_next_word_and_no_others(
    town: Town, ann: Account, phone: Phone
) -> None:
    phone.says("案件 WK00017").sees("WK00017", "王○明")
    changes(town, ann, unit_id=a_unit(town.core, "永平國民小學").id)
    phone.says("案件 WK00017").sees_nothing_of("王○明")
    phone.says("待辦").sees_nothing_of("WK00017")


def test_a26_an_administrator_demoted_meanwhile_is_refused_at_the_next_click(town: Town) -> None:
    account = an_account(town.core, role=Role.ADMIN, permissions=(), email="admin@example.gov.tw")
    town.set_password(account.code)
    town.settle()
    desk = town.sits_down(account.code, "admin@example.gov.tw")
    assert desk.opens(f"{town.url}/desk/requests").status == 200
    changes(town, account, role=Role.CASEWORKER)
    assert desk.opens(f"{town.url}/desk/requests").status == 403


def test_a27_what_waits_for_a_lost_phone_does_not_reach_it(town: Town, ann: Account, phone: Phone) -> None:
    pushes = len(town.platform.accepted("push"))
    with town.core.transaction(system("test"), Door.COMMAND) as ctx:
        to, answer = ToAccount(ann.id), password_stands_already(ann.code)
        say(ctx, to=to, answer=answer, kind=NoticeKind.ACCOUNT, key="queued", urgency=Urgency.ALWAYS)
    with town.core.transaction(system("test"), Door.COMMAND) as ctx:
        assert ctx.session.scalars(select(Notice.via).where(Notice.dedupe_key == "queued")).one() is Via.PUSH
        unbind(ctx, ann.id, BindingEnd.BY_STAFF)
    town.settle()
    assert len(town.platform.accepted("push")) == pushes
    assert any("您的帳號已設定過密碼" in mail for mail in town.mails_to(ADDRESS))
    phone.says("待辦").sees("綁定").sees_nothing_of("WK00017")
