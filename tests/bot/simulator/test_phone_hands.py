"""The phone by hand: a carousel swiped by mouse, finger and keyboard, a date picked, read marks, a small screen."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from axe_playwright_python.sync_playwright import Axe  # type: ignore[import-untyped]  # it publishes no types
from playwright.sync_api import Browser, Locator, Page, expect

from bot.simulator.jsons import Json
from bot.simulator.platform import Platform
from bot.simulator.server import Simulator
from bot.simulator.world import SimUser
from tests.bot.simulator.listening import LineCaller, ListeningBot

pytestmark = pytest.mark.browser
WIDE, NARROW = {"width": 1440, "height": 900}, {"width": 390, "height": 844}
FAR = "each => each.scrollLeft > 100"


@pytest.fixture(params=[WIDE, NARROW], ids=["wide", "narrow"])
def phone(request: pytest.FixtureRequest, browser: Browser, simulator: Simulator, teacher: SimUser) -> Iterator[Page]:
    """The teacher's phone on a large screen, and on a phone's own."""
    context = browser.new_context(viewport=request.param, has_touch=request.param is NARROW)
    page = context.new_page()
    page.goto(f"{simulator.phone_url}?person={teacher.user_id}")
    expect(page.locator('[data-person][aria-current="true"]')).to_be_visible()
    yield page
    context.close()


def a_bubble(title: str) -> Json:
    pick: Json = {"type": "datetimepicker", "label": "選日期", "data": "day", "mode": "date", "initial": "2026-11-25"}
    text: Json = {"type": "text", "text": title, "wrap": True}
    button: Json = {"type": "button", "style": "primary", "color": "#1F5FA8", "action": pick}
    return {"type": "bubble", "body": {"type": "box", "layout": "vertical", "contents": [text, button]}}


@pytest.fixture
def carousel(phone: Page, teacher: SimUser, line: LineCaller) -> Locator:
    contents: Json = {"type": "carousel", "contents": [a_bubble(title) for title in ("一", "二", "三")]}
    message: Json = {"type": "flex", "altText": "三件", "contents": contents}
    line.post("message/push", {"to": teacher.user_id, "messages": [message]})
    found = phone.get_by_role("group", name="3 張卡片，可左右滑動")
    expect(found).to_be_visible()
    return found


def test_a_carousel_is_swiped_by_mouse_finger_and_keyboard(phone: Page, carousel: Locator) -> None:
    box = carousel.bounding_box()
    assert box is not None
    middle = (box["x"] + box["width"] / 2, box["y"] + 30)
    if phone.evaluate("navigator.maxTouchPoints") > 0:
        hand = phone.context.new_cdp_session(phone)
        hand.send("Input.synthesizeScrollGesture", {"x": middle[0], "y": middle[1], "xDistance": -250, "speed": 2000})
    else:
        phone.mouse.move(*middle)
        phone.mouse.down()
        phone.mouse.move(middle[0] - 250, middle[1], steps=4)
        phone.mouse.up()
    phone.wait_for_function(FAR, arg=carousel.element_handle())
    carousel.evaluate("each => { each.scrollLeft = 0; }")
    carousel.focus()
    for _ in range(5):
        phone.keyboard.press("ArrowRight")
    phone.wait_for_function(FAR, arg=carousel.element_handle())


def test_a_date_is_picked_by_keyboard(phone: Page, carousel: Locator, bot: ListeningBot) -> None:
    carousel.get_by_role("button", name="選日期").first.focus()
    phone.keyboard.press("Enter")
    picker = phone.get_by_role("dialog", name="選日期")
    expect(picker.get_by_label("選日期")).to_have_value("2026-11-25")
    picker.get_by_label("選日期").fill("2026-12-01")
    picker.get_by_role("button", name="確定").press("Enter")
    expect(picker).to_be_hidden()
    phone.wait_for_timeout(100)
    assert bot.events[-1]["postback"] == {"data": "day", "params": {"date": "2026-12-01"}}


def test_dots_a_read_mark_and_the_way_home(phone: Page, platform: Platform, teacher: SimUser, line: LineCaller) -> None:
    phone.get_by_label("訊息", exact=True).fill("待辦")
    phone.keyboard.press("Enter")
    mine = phone.get_by_role("log").locator('[data-way="phone"]')
    expect(mine).to_contain_text("待辦")
    line.post("chat/loading/start", {"chatId": teacher.user_id, "loadingSeconds": 20})
    expect(phone.get_by_role("status", name="對方正在輸入")).to_be_visible()
    assert platform.messages(teacher)[0].is_read is False
    line.post("chat/markAsRead", {"markAsReadToken": next(iter(platform.phones.marks))})
    expect(mine).to_contain_text("已讀")
    line.post("message/push", {"to": teacher.user_id, "messages": [{"type": "text", "text": "好的"}]})
    expect(phone.get_by_role("status", name="對方正在輸入")).to_be_hidden()


def test_everything_fits_the_screen_and_axe_finds_nothing(phone: Page, carousel: Locator) -> None:
    assert carousel.is_visible()
    assert phone.evaluate("document.documentElement.scrollWidth <= innerWidth")
    whole = phone.locator("#phone").bounding_box()
    assert whole is not None
    assert whole["x"] >= 0
    assert whole["x"] + whole["width"] <= phone.viewport_size["width"]  # type: ignore[index]  # it was set
    found = Axe().run(phone).response["violations"]
    assert [(each["id"], [node["html"] for node in each["nodes"]]) for each in found] == []
