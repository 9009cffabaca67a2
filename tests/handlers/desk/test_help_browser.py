"""The helpdesk's console in a real browser: axe, both widths and colours, news without a reload, drafts, keys."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

import pytest
from flask import Flask
from playwright.sync_api import Page, expect

from bot.server import serving
from core.access import system
from core.accounts.models import Account, Permission, Role
from core.accounts.queries import actor_of
from core.audit import Door
from core.clock import FixedClock
from core.context import Context, Core
from core.helpdesk import answering, thread
from core.helpdesk.entries import Written
from core.helpdesk.models import HelpRequest
from core.helpdesk.service import take_back, write
from tests.builders import an_account
from tests.handlers.desk.conftest import SETTINGS, Place, asked_for_help, session_of
from tests.handlers.desk.test_account_browser import is_sound

pytestmark = pytest.mark.browser
WITHIN = 2_000  # ms: new messages appear within two seconds


@pytest.fixture
def url(app: Flask) -> Iterator[str]:
    with serving(app, "127.0.0.1", 0) as port:
        yield f"http://127.0.0.1:{port}"


@pytest.fixture
def ann(page: Page, url: str, core_sqlite: Core, place: Place) -> Account:
    """The agent who sits before the page."""
    account = an_account(core_sqlite, place.bureau, role=Role.HELPDESK, permissions=(Permission.SUPERVISOR,))
    page.context.add_cookies([{"name": SETTINGS.cookie, "value": session_of(core_sqlite, account), "url": url}])
    return account


@contextmanager
def acting(core: Core, account: Account) -> Iterator[Context]:
    with core.transaction(system("tests"), Door.DESK) as ctx:
        found = actor_of(ctx.session, account.id, ctx.today)
        assert found
        yield ctx.as_actor(found)


def writes(core: Core, place: Place, text: str, message_id: str) -> None:
    with core.transaction(system("tests"), Door.CHAT) as ctx:
        assert write(ctx, f"person-{place.asker.id}", Written(text, message_id=message_id))


@pytest.mark.usefixtures("ann")
def test_everybody_can_use_the_pages(page: Page, url: str, core_sqlite: Core, place: Place) -> None:
    number = asked_for_help(core_sqlite, place.asker, "W" * 4000)
    for path in ("help", f"help/{number}", "help/canned"):
        page.goto(f"{url}/desk/{path}")
        is_sound(page)
    page.goto(f"{url}/desk/help")
    page.keyboard.press("?")
    expect(page.get_by_role("dialog", name="快速鍵")).to_be_visible()
    is_sound(page)


@pytest.mark.usefixtures("ann")
def test_what_is_new_stands_there_within_two_seconds_and_drafts_survive(
    page: Page, url: str, core_sqlite: Core, place: Place
) -> None:
    bob = an_account(core_sqlite, place.bureau, role=Role.HELPDESK, permissions=(), name="張大維")
    page.goto(f"{url}/desk/help/{place.help}")
    page.get_by_label("回覆內容").fill("請清除 Coo")
    expect(page.get_by_text("草稿已儲存")).to_be_visible(timeout=WITHIN)
    writes(core_sqlite, place, "<i>還是</i>不行", "m1")
    expect(page.get_by_text("<i>還是</i>不行")).to_be_visible(timeout=WITHIN)
    with acting(core_sqlite, bob) as ctx:
        thread.look(ctx, place.help)
        answering.take(ctx, place.help)
    expect(page.get_by_text("同時在看 張大維")).to_be_visible(timeout=WITHIN)
    expect(page.get_by_text("承辦客服：張大維")).to_be_visible(timeout=WITHIN)
    with core_sqlite.transaction(system("tests"), Door.CHAT) as ctx:
        assert take_back(ctx, f"person-{place.asker.id}", "m1")
    expect(page.get_by_text("已收回這則訊息")).to_be_visible(timeout=WITHIN)
    expect(page.get_by_text("<i>還是</i>不行")).to_have_count(0)
    expect(page.get_by_label("回覆內容")).to_have_value("請清除 Coo")
    page.reload()
    expect(page.get_by_label("回覆內容")).to_have_value("請清除 Coo")
    page.get_by_role("button", name="送出回覆").click()
    expect(page.get_by_text("：待送出")).to_be_visible()
    expect(page.get_by_label("回覆內容")).to_have_value("")


@pytest.mark.usefixtures("ann")
def test_the_list_follows_and_the_keys_lead_through_it(page: Page, url: str, core_sqlite: Core, place: Place) -> None:
    page.goto(f"{url}/desk/help")
    page.keyboard.press("j")
    expect(page.get_by_role("link", name=re.compile(rf"^{place.help} ?："))).to_be_focused()
    second = asked_for_help(core_sqlite, place.asker, "另一件新的")
    expect(page.get_by_text("另一件新的")).to_be_visible(timeout=WITHIN)
    expect(page.get_by_role("link", name="未解決 2")).to_be_visible()
    expect(page.get_by_role("link", name=re.compile(rf"^{place.help} ?："))).to_be_focused()
    page.keyboard.press("j")
    expect(page.get_by_role("link", name=re.compile(rf"^{second} ?："))).to_be_focused()
    page.keyboard.press("k")
    page.keyboard.press("/")
    expect(page.get_by_label("搜尋對話")).to_be_focused()
    page.keyboard.type("j另一件")
    expect(page.get_by_label("搜尋對話")).to_have_value("j另一件")


@pytest.mark.usefixtures("ann")
@pytest.mark.parametrize("path", ["help", "help/{}"])
def test_what_is_late_says_so_because_time_passed_and_nothing_else(
    page: Page, url: str, core_sqlite: Core, place: Place, path: str
) -> None:
    with core_sqlite.transaction(system("tests"), Door.COMMAND) as ctx:
        ctx.session.get_one(HelpRequest, place.help).answer_due_at = ctx.now + timedelta(seconds=1)
    page.goto(f"{url}/desk/{path.format(place.help)}")
    expect(page.get_by_text("剩 不到 1 分")).to_be_visible()
    assert isinstance(core_sqlite.clock, FixedClock)
    core_sqlite.clock.move(timedelta(seconds=2))
    expect(page.get_by_text("已逾時 不到 1 分")).to_be_visible(timeout=WITHIN)
    if path == "help":
        expect(page.get_by_role("link", name="逾時限 1")).to_be_visible()


@pytest.mark.usefixtures("ann")
def test_the_keys_of_a_conversation_and_how_to_turn_them_off(page: Page, url: str, place: Place) -> None:
    page.goto(f"{url}/desk/help/{place.help}")
    for key, label in (("r", "回覆內容"), ("n", "備註內容")):
        page.keyboard.press(key)
        expect(page.get_by_label(label)).to_be_focused()
        page.keyboard.press("Escape")
    page.keyboard.press("e")
    expect(page.get_by_role("button", name="標為已解決")).to_be_focused()
    page.keyboard.press("j")
    expect(page.get_by_role("listitem").filter(has_text="畫面是白的").first).to_be_focused()
    page.keyboard.press("?")
    page.get_by_label("使用快速鍵").uncheck()
    page.get_by_role("button", name="關閉").click()
    page.keyboard.press("r")
    expect(page.get_by_label("回覆內容")).not_to_be_focused()
    page.keyboard.press("/")
    expect(page).to_have_url(re.compile(rf"/desk/help/{place.help}$"))
