"""What an account needs, settled in the demo by its phone and its browser, as a newcomer would (ACC-2 to ACC-7)."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from bot.commands.demo import PASSWORD, Demo, Ports, running
from bot.sample.month import Person
from core.accounts.models import Role
from core.clock import TAIPEI
from core.dates import roc
from tests.journeys.demo_walk import Walk
from tests.journeys.town import CODE

pytestmark = pytest.mark.browser
MINUTE = timedelta(minutes=1)
EARLIEST = re.compile(r"最早 (\d{3}/\d{2}/\d{2})")
BRAND_NEW = "brandnew@example.gov.tw"
LATER = {"wrong": "請在 30 分鐘後再試", "locked": "已鎖定"}


@dataclass
class Account:
    """Somebody at the demo: a phone that walks, and desks in browsers of their own."""

    walk: Walk
    browser: Browser

    @property
    def demo(self) -> Demo:
        return self.walk.demo

    @property
    def main(self) -> Person:
        return self.demo.sample.main

    def of(self, role: Role) -> Person:
        return next(each for each in self.demo.sample.people if each.role is role)

    def now(self) -> datetime:
        return self.demo.core.clock.now().astimezone(TAIPEI)

    def waits(self, span: timedelta) -> None:
        """Move the demo's clock by its panel, by whole minutes and a little more."""
        self.moves_to(self.now() + span + MINUTE)

    def moves_to(self, moment: datetime) -> None:
        self.walk.moves_to(moment)
        expect(self.walk.phone.locator("#clock-time")).to_contain_text(f"{moment:%H:%M}")
        self.walk.wait_until_all_is_said()

    def moves_to_a_morning(self) -> None:
        """Go on by day, whatever time it is: what is decided at night is told only at half past seven."""
        self.moves_to(datetime.combine(self.now() + timedelta(days=1), time(9), TAIPEI))

    def mailed(self, address: str) -> str:
        """Return the newest code in a mailbox, once everything has arrived."""
        self.walk.wait_until_all_is_said()
        return self.walk.code(address)

    def sits_down(self) -> Page:
        page = self.browser.new_context(locale="zh-TW", timezone_id="Asia/Taipei").new_page()
        page.goto(f"{self.demo.desk_url}sign-in")
        return page

    def signs_on(self, person: Person) -> Page:
        """Come to the desk by the city's sign-on."""
        page = self.sits_down()
        page.get_by_role("link", name="改用公務雲登入").click()
        page.get_by_label("帳號").fill(person.account)
        page.get_by_role("button", name="登入").click()
        return page

    def types_password(self, person: Person, password: str = PASSWORD) -> Page:
        """Come to the desk in a browser that nobody knows."""
        page = self.sits_down()
        page.get_by_label("帳號").fill(person.account)
        page.get_by_label("密碼", exact=True).fill(password)
        page.get_by_role("button", name="下一步").click()
        return page

    def approves(self, person: Person, desk: Page) -> None:
        """Go on as somebody who decides, with a code from the mailbox, and approve the newest request."""
        enters(desk, self.mailed(person.email))
        desk.goto(f"{self.demo.desk_url}requests")
        desk.get_by_role("link", name="看這件申請").last.click()
        desk.get_by_role("button", name="核准", exact=True).click()
        expect(desk.locator("main")).to_contain_text("已核准")
        desk.context.close()
        self.walk.wait_until_all_is_said()


def enters(desk: Page, code: str) -> None:
    desk.get_by_label("驗證碼", exact=True).fill(code)
    desk.get_by_role("button", name="登入").click()
    expect(desk.get_by_role("heading", level=1)).to_contain_text("總覽")


@pytest.mark.timeout(300)
def test_an_account_is_settled_by_phone_and_browser(tmp_path: Path, browser: Browser) -> None:
    with running(tmp_path, Ports(0, 0, 0)) as demo:
        walk = Walk(demo, browser)
        account = Account(walk, browser)
        account.moves_to_a_morning()
        walk.follow()
        walk.bind()
        signs_in_with_a_code_by_line(account)
        changes_the_mailbox(account)
        first_day = is_told_from_when_on(account)
        is_locked_for_half_an_hour(account)
        is_extended(account, first_day)
        walk.close()


def signs_in_with_a_code_by_line(account: Account) -> None:
    account.walk.say("驗證碼用 LINE")
    account.walk.sees("LINE（這個聊天室）")
    account.waits(MINUTE)
    before = account.walk.bot_messages().count()
    desk = account.types_password(account.main)
    expect(account.walk.bot_messages()).to_have_count(before + 1)
    shown = account.walk.bot_messages().last.inner_text()
    found = CODE.search(shown)
    assert found, shown
    enters(desk, found.group())
    desk.context.close()


def changes_the_mailbox(account: Account) -> None:
    walk, old = account.walk, account.main.email
    account.waits(MINUTE)
    walk.say("改信箱")
    walk.say(BRAND_NEW)
    walk.say(account.mailed(BRAND_NEW))
    walk.sees("申請已送出")
    account.walk.wait_until_all_is_said()
    expect(walk.newest_mail(old, "信箱").locator("#mail-text")).to_contain_text("有人申請變更您的登記信箱")
    agent = account.of(Role.HELPDESK)
    account.approves(agent, account.types_password(agent))
    walk.sees("變更信箱：已核准")
    expect(walk.newest_mail(old, "信箱").locator("#mail-text")).to_contain_text("您的登記信箱已變更")


def is_told_from_when_on(account: Account) -> datetime:
    """Ask for an extension too early; return nine o'clock on the first day that the answer names."""
    account.walk.say("展延")
    shown = account.walk.bot_messages().last.inner_text()
    first = account.demo.sample.today + timedelta(days=300 - 60)
    found = EARLIEST.search(shown)
    assert found, shown
    assert found[1] == roc(first)
    return datetime.combine(first, time(9), TAIPEI)


def is_locked_for_half_an_hour(account: Account) -> None:
    for said in ("帳號或密碼不正確", "帳號或密碼不正確", LATER["wrong"]):
        expect_refused(account.types_password(account.main, "Wrong-Horse-2026"), said)
    expect_refused(account.types_password(account.main), LATER["locked"])
    account.waits(timedelta(minutes=30))
    desk = account.types_password(account.main)
    expect(desk.get_by_role("heading", level=1)).to_have_text("輸入驗證碼")
    desk.context.close()


def expect_refused(page: Page, said: str) -> None:
    expect(page.locator("main")).to_contain_text(said)
    page.context.close()


def is_extended(account: Account, first_day: datetime) -> None:
    walk, ends_on = account.walk, account.demo.sample.today + timedelta(days=300)
    account.moves_to(first_day)
    walk.say("展延")
    walk.tap("申請展延")
    walk.say(account.mailed(BRAND_NEW))
    walk.sees("申請已送出")
    administrator = account.of(Role.ADMIN)
    account.approves(administrator, account.signs_on(administrator))
    walk.sees("展延：已核准")
    walk.sees(roc(ends_on.replace(year=ends_on.year + 1)))
