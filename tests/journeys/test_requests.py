"""Requests from the phone to the decision: a new mailbox, its old one that stops it, a longer term (ACC-6, ACC-7)."""

from __future__ import annotations

import re
from datetime import date, timedelta

import pytest

from bot.conversation import Conversations
from core.accounts.models import Account, Permission, Role, Unit
from tests.builders import a_unit, an_account, bind
from tests.journeys.browser import Browser
from tests.journeys.town import Phone, Town

OLD, NEW = "staff1@example.gov.tw", "brandnew@example.gov.tw"
AGENT, ADMIN = "agent@example.gov.tw", "admin@example.gov.tw"
LAST = date(2026, 6, 30)
FIRST = date(2026, 5, 1)
A_WHILE = timedelta(minutes=2)


@pytest.fixture
def school(any_town: Town) -> Unit:
    return a_unit(any_town.core, "清溪國民小學", code="S01")


@pytest.fixture
def ann(any_town: Town, school: Unit) -> Account:
    account = an_account(any_town.core, school, permissions=(Permission.CASEWORKER,), email=OLD, ends_on=LAST)
    any_town.set_password(account.code)
    return account


@pytest.fixture
def phone(any_town: Town, ann: Account) -> Phone:
    bound = any_town.phone("安安").binds(ann.code, OLD)
    any_town.passes(A_WHILE)
    return bound


def staff(town: Town, role: Role, address: str) -> Browser:
    account = an_account(town.core, role=role, permissions=(), email=address)
    town.set_password(account.code)
    return town.sits_down(account.code, address)


def asks_for_new_mailbox(town: Town, phone: Phone) -> None:
    phone.says("改信箱").sees("s***@example.gov.tw").sees_nothing_of(OLD)
    phone.says(NEW).sees("b***@example.gov.tw").sees_nothing_of(NEW)
    phone.says(town.code_in_mail(NEW)).sees("已收件", "申請已送出", "客服審核後會通知您")


def approves(desk: Browser, town: Town) -> None:
    desk.opens(f"{town.url}/desk/requests").opens(f"{town.url}/desk/requests/1").sends("/approve").sees("已核准")
    town.settle()


def test_a_mailbox_is_changed_from_the_phone(any_town: Town, ann: Account, phone: Phone) -> None:
    asks_for_new_mailbox(any_town, phone)
    assert "有人申請變更您的登記信箱" in any_town.mails_to(OLD)[-1]
    desk = staff(any_town, Role.HELPDESK, AGENT)
    desk.opens(f"{any_town.url}/desk/requests/1").sees(ann.code, NEW)
    approves(desk, any_town)
    phone.sees("變更信箱：已核准").sees_nothing_of(NEW)
    assert "您的登記信箱已變更" in any_town.mails_to(OLD)[-1]
    phone.says("我的申請").sees("已核准", "b***@example.gov.tw")
    any_town.passes(A_WHILE)
    before = len(any_town.mails_to(OLD))
    any_town.sits_down(ann.code, NEW).sees(ann.code)
    assert len(any_town.mails_to(OLD)) == before


def test_the_old_mailbox_stops_a_change_it_did_not_ask_for(any_town: Town, ann: Account, phone: Phone) -> None:
    asks_for_new_mailbox(any_town, phone)
    approves(staff(any_town, Role.HELPDESK, AGENT), any_town)
    any_town.passes(timedelta(hours=23))
    link = re.search(r"https?://\S+/p/email-stop/\S+", any_town.mails_to(OLD)[-1])
    assert link
    owner = Browser().opens(link.group()).sees(ann.code, "b***@example.gov.tw")
    owner.submits().sees("已攔下信箱變更")
    any_town.settle()
    phone.says("待辦").sees("綁定")
    any_town.sits_down(ann.code, OLD).sees(ann.code)


def test_an_extension_too_early_and_in_time(any_town: Town, ann: Account, phone: Phone) -> None:
    phone.says("展延").sees("115/06/30", "最早 115/05/01").says("確定").sees_nothing_of("請輸入驗證碼")
    any_town.moves_to(f"{FIRST - timedelta(days=1)}T23:59:00")
    phone.says("展延").sees("最早 115/05/01")
    any_town.moves_to(f"{FIRST}T09:00:00")
    phone.says("展延").taps("申請展延").sees("s***@example.gov.tw")
    phone.says(any_town.code_in_mail(OLD)).sees("申請已送出")
    desk = staff(any_town, Role.ADMIN, ADMIN)
    desk.opens(f"{any_town.url}/desk/requests/1").sees("116/06/30", ann.code)
    approves(desk, any_town)
    phone.sees("展延：已核准", "116/06/30")
    phone.says("展延").sees("116/06/30 止", "最早 116/05/01")


def restarts(town: Town) -> None:
    """Let the process that talks end, and another take its place: what it knows is what is stored."""
    town.house.conversations.close()
    town.house.conversations = Conversations(town.core)


@pytest.mark.parametrize(
    ("words", "seen"),
    [
        (["改信箱", NEW, "CODE"], "申請已送出"),
        (["展延", "確定", "CODE"], "申請已送出"),
        (["申請權限", "2462", "接手幸福保衛站業務"], "申請已送出"),
        (["停用權限", "90097", "職務異動"], "申請已送出"),
        (["提醒時間", "09:30"], "09:30"),
        (["案件", "WK00017"], "查無"),
        (["可以結案嗎", "WK00017"], "查無"),
        (["客服", "7", "畫面是白的"], "已收到"),
        (["解除綁定", "確定"], "已解除綁定"),
    ],
)
def test_every_dialog_goes_on_where_it_was_after_a_restart_at_each_step(
    town: Town, words: list[str], seen: str
) -> None:
    school = a_unit(town.core, "清溪國民小學", code="S01")
    ends_on = town.clock.now().date() + timedelta(days=30)
    account = an_account(town.core, school, permissions=(Permission.CASEWORKER,), email=OLD, ends_on=ends_on)
    phone = town.phone("安安")
    bind(town.core, account, line_user=phone.user.user_id)
    for word in words:
        restarts(town)
        phone.says(town.code_in_mail(NEW if NEW in words else OLD) if word == "CODE" else word)
    phone.sees(seen)
