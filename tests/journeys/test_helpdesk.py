"""The helpdesk from both sides: a phone, and two agents' browsers; and the same with a phone that has blocked us."""

from __future__ import annotations

import base64
import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from core.access import Actor
from core.accounts import sessions
from core.accounts.models import Account, Permission, Role
from core.audit import Door
from tests.browsers import phone_page
from tests.builders import a_unit, an_account
from tests.journeys.town import Phone, Town

pytestmark = pytest.mark.browser
ADDRESS = "staff1@example.gov.tw"
FRIDAY, MONDAY = "2026-03-06T18:00:00", "2026-03-09T09:00:00"
PICTURE = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
)
ANSWER, LATE = "請先清除 Cookie，再登入一次。", "請改用 Edge。"


@pytest.fixture
def phone(town: Town) -> Phone:
    """A caseworker's phone, on Friday at six in the evening, after the question was asked."""
    school = a_unit(town.core, "清溪國民小學", code="S01")
    account = an_account(town.core, school, permissions=(Permission.CASEWORKER,), email=ADDRESS)
    town.set_password(account.code)
    bound = town.phone("安安").binds(account.code, ADDRESS)
    town.moves_to(FRIDAY)
    bound.says("客服").taps("6 系統報修").says("列印時畫面是白的").sees("已收到您的問題", "115/03/09 12:30", "110")
    town.platform.send_image(bound.user, PICTURE)
    town.settle()
    return bound


@pytest.fixture
def desks(town: Town, phone: Phone, browser: Browser) -> Iterator[tuple[Page, Page]]:
    """Two agents' browsers on Monday morning with the question open; nothing reaches the second by itself any more."""
    phone.sees()
    town.moves_to(MONDAY)
    with phone_page(browser) as first, phone_page(browser) as second:
        for page, name in ((first, "林怡君"), (second, "張大維")):
            agent = an_account(town.core, role=Role.HELPDESK, permissions=(), name=name)
            page.context.add_cookies([{"name": "frontdoor-desk", "value": begun(town, agent), "url": town.url}])
            page.set_viewport_size({"width": 1440, "height": 900})
            page.goto(f"{town.url}/desk/help")
            page.get_by_role("link", name="看這件對話").click()
            expect(page.get_by_text("列印時畫面是白的").last).to_be_visible()
        second.route("**/news", lambda route: route.abort())
        yield first, second


def begun(town: Town, agent: Account) -> str:
    with town.core.transaction(Actor(name="visitor"), Door.DESK) as ctx:
        return sessions.begin(ctx, agent.id)


def answers(page: Page, text: str, then: str = "等候提問人回覆") -> None:
    page.get_by_label("回覆內容").fill(text)
    page.get_by_label(then).check()
    page.get_by_role("button", name="送出回覆").click()


def is_refused(second: Page) -> None:
    """The second agent's answer comes too late: it stays in the form, and what came in between is marked."""
    answers(second, LATE)
    expect(second.get_by_text("又多了 1 則訊息")).to_be_visible()
    expect(second.get_by_role("listitem").filter(has_text="新").filter(has_text=ANSWER)).to_be_visible()
    expect(second.get_by_label("回覆內容")).to_have_value(LATE)


def senders(town: Town, phone: Phone) -> list[object]:
    messages = (each.json.get("sender") for each in town.platform.received(phone.user))
    return [sender["name"] for sender in messages if isinstance(sender, dict)]


def test_asked_on_friday_evening_and_answered_on_monday(town: Town, phone: Phone, desks: tuple[Page, Page]) -> None:
    first, second = desks
    picture = first.get_by_role("img", name="提問人傳來的圖片")
    expect(picture).to_have_js_property("naturalWidth", 1)
    town.settle()
    assert [each.is_read for each in town.platform.messages(phone.user) if not each.from_bot][-2:] == [True, True]
    answers(first, ANSWER)
    expect(first.get_by_text("：待送出")).to_be_visible()
    phone.says("選單")
    phone.sees(ANSWER)
    assert senders(town, phone) == ["林怡君"]
    expect(first.get_by_text("：已受理")).to_be_visible()
    is_refused(second)
    phone.sees_nothing_of(LATE)
    phone.says("我的密碼是 abcd")
    expect(first.get_by_text("我的密碼是 abcd")).to_be_visible()
    town.platform.unsend(phone.user, town.platform.messages(phone.user)[-1].message_id)
    town.settle()
    expect(first.get_by_text("已收回這則訊息")).to_be_visible()
    expect(first.get_by_text("我的密碼是 abcd")).to_have_count(0)
    answers(first, "不客氣。", "已解決")
    expect(first.get_by_text("回覆已交付寄送")).to_be_visible()
    town.settle()
    phone.taps("有幫上忙").sees("謝謝")
    first.reload()
    expect(first.get_by_text("評分：有幫上忙")).to_be_visible()


def test_the_same_with_a_phone_that_has_blocked_us(
    town: Town, phone: Phone, desks: tuple[Page, Page], browser: Browser
) -> None:
    first, second = desks
    town.platform.block(phone.user)
    town.settle()
    answers(first, ANSWER, "還要繼續處理")
    expect(first.get_by_text("回覆已交付寄送")).to_be_visible()
    town.settle()
    assert ANSWER in town.mails_to(ADDRESS)[-1]
    assert "林怡君" in town.mails_to(ADDRESS)[-1]
    expect(first.get_by_text("電子郵件：已受理")).to_be_visible()
    first.reload()
    expect(first.get_by_text("已封鎖官方帳號")).to_be_visible()
    is_refused(second)
    answers(first, "不客氣。", "已解決")
    expect(first.get_by_text("這件已經解決")).to_be_visible()
    town.settle()
    assert "不客氣。" in town.mails_to(ADDRESS)[-1]
    assert LATE not in "".join(town.mails_to(ADDRESS))
    leads_to = re.search(r"http\S+/p/help/\d+/[0-9a-f]+", town.mails_to(ADDRESS)[-1])
    assert leads_to
    with phone_page(browser) as mailed:
        mailed.goto(leads_to[0])
        mailed.get_by_role("button", name="有幫上忙", exact=True).click()
        expect(mailed.get_by_text("您的評分：有幫上忙")).to_be_visible()
    first.reload()
    expect(first.get_by_text("評分：有幫上忙")).to_be_visible()
    town.platform.unblock(phone.user)
    town.settle()
    phone.says("我的報修紀錄").sees("已解決")
