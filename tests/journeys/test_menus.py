"""The menus on the phone, in a real browser: tabs, folding, keyboard, and that each place says its word."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, expect

from bot.channels.line_menus import LineMenus
from bot.richmenu.sync import sync
from bot.simulator.platform import Platform
from bot.simulator.server import Simulator
from bot.simulator.world import Friendship, SimUser
from core.accounts.models import Role
from core.clock import FixedClock
from core.context import Core
from tests.bot.simulator.listening import SECRET, TOKEN
from tests.builders import a_bound_account
from tests.journeys.small_pictures import keep_shot

pytestmark = pytest.mark.browser
PICTURES = os.environ.get("PICTURES")
ROLES = {"casework": Role.CASEWORKER, "units": Role.SUPERVISOR, "desk": Role.HELPDESK}


@pytest.fixture
def simulator(clock: FixedClock) -> Iterator[Simulator]:
    platform = Platform(clock, channel_secret=SECRET, channel_access_token=TOKEN, webhook_url="http://127.0.0.1:9/")
    with Simulator(platform) as running:
        yield running


@pytest.fixture
def people(simulator: Simulator, core_sqlite: Core) -> dict[str, SimUser]:
    """Somebody unbound and somebody of each kind, whose phones have their menus."""
    found = {"unbound": a_friend(simulator.platform, "陳怡君")}
    for name, role in ROLES.items():
        found[name] = a_friend(simulator.platform, role.label)
        a_bound_account(core_sqlite, role=role, line_user=found[name].user_id)
    line = LineMenus(TOKEN, simulator.api_url, simulator.api_url)
    assert sync(core_sqlite, line, "https://frontdoor.example.gov.tw").phones == len(ROLES)
    line.close()
    return found


def a_friend(platform: Platform, name: str) -> SimUser:
    user = platform.add_user(name)
    user.friendship = Friendship.FRIEND
    return user


def opened(page: Page, simulator: Simulator, user: SimUser) -> Locator:
    """Open somebody's phone and return its menu."""
    page.set_viewport_size({"width": 1440, "height": 900})
    page.goto(f"{simulator.phone_url}?person={user.user_id}")
    menu = page.get_by_role("group", name="圖文選單")
    expect(menu).to_be_visible()
    return menu


def keep(menu: Locator, name: str) -> None:
    """Keep what the menu looks like."""
    picture = menu.locator("img")
    expect(picture).to_have_js_property("complete", value=True)
    assert picture.evaluate("each => each.decode().then(() => each.naturalWidth)") == 2500
    if PICTURES:
        keep_shot(menu.screenshot(), Path(PICTURES) / f"richmenu-{name}.png")


def test_each_kind_of_people_sees_its_menu(page: Page, simulator: Simulator, people: dict[str, SimUser]) -> None:
    first = {"unbound": "綁定帳號", "casework": "可以結案嗎", "units": "已逾期", "desk": "客服對話"}
    for name, user in people.items():
        menu = opened(page, simulator, user)
        expect(menu.get_by_role("button", name=first[name])).to_be_visible()
        keep(menu, name)


def test_a_menu_turns_folds_and_speaks(page: Page, simulator: Simulator, people: dict[str, SimUser]) -> None:
    menu = opened(page, simulator, people["casework"])
    menu.get_by_role("button", name="切換到「帳號」").focus()
    page.keyboard.press("Enter")
    expect(menu.get_by_role("button", name="展延")).to_be_visible()
    keep(menu, "account")
    expect(menu.get_by_role("button", name="切換到「工作」")).to_be_focused()
    page.keyboard.press("Enter")
    expect(menu.get_by_role("button", name="待辦")).to_be_visible()

    bar = page.get_by_role("button", name="選單", exact=True)
    bar.click()
    expect(menu).to_be_hidden()
    expect(bar).to_have_attribute("aria-expanded", "false")
    bar.click()
    menu.get_by_role("button", name="待辦").click()
    expect(page.get_by_role("log").locator('[data-way="phone"]')).to_contain_text("待辦")
    expect(menu).to_be_visible()

    page.get_by_role("button", name="顯示鍵盤").click()
    expect(menu).to_be_hidden()
    expect(page.get_by_label("訊息", exact=True)).to_be_visible()
    page.get_by_role("button", name="顯示選單").click()
    page.get_by_label("LINE 電腦版").check()
    expect(menu).to_be_hidden()
    expect(page.get_by_label("訊息", exact=True)).to_be_visible()


def test_two_phones_stand_side_by_side(page: Page, simulator: Simulator, people: dict[str, SimUser]) -> None:
    opened(page, simulator, people["casework"])
    page.get_by_label("旁邊再放一支").select_option(people["units"].user_id)
    beside = page.frame_locator("iframe")
    expect(beside.get_by_role("button", name="已逾期")).to_be_visible()
    expect(beside.get_by_role("heading", name="誰的手機")).to_be_hidden()
    beside.get_by_role("button", name="已逾期").click()
    expect(beside.get_by_role("log")).to_contain_text("已逾期")
    expect(page.get_by_role("button", name="可以結案嗎")).to_be_visible()
    said = [len(simulator.platform.messages(people[name])) for name in ("casework", "units")]
    assert said == [0, 1]
    if PICTURES:
        keep_shot(page.screenshot(), Path(PICTURES) / "side-by-side.png")
    page.get_by_label("旁邊再放一支").select_option("")
    expect(page.locator("iframe")).to_have_count(0)
