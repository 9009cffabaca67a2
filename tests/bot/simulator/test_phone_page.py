"""The phone in a real browser: a pushed carousel is drawn, and its button reaches the bot."""

from __future__ import annotations

import shutil
from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, expect, sync_playwright

from bot.simulator.jsons import Json
from bot.simulator.platform import Platform
from bot.simulator.server import Simulator
from bot.simulator.world import SimUser
from tests.bot.simulator.listening import LineCaller, ListeningBot

pytestmark = pytest.mark.browser
QUIET = ("--disable-background-networking", "--disable-component-update", "--disable-sync", "--no-first-run")


@pytest.fixture
def page(simulator: Simulator, teacher: SimUser) -> Iterator[Page]:
    """The phone page with the teacher's phone; anything it says on the console or fails to load fails the test."""
    complaints: list[str] = []
    with sync_playwright() as playwright:
        chromium = shutil.which("chromium")
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox", "--disable-gpu", *QUIET])
        opened = browser.new_page(viewport={"width": 1440, "height": 900})
        opened.on("console", lambda message: complaints.append(message.text))
        opened.on("pageerror", lambda error: complaints.append(str(error)))
        opened.goto(f"{simulator.phone_url}?person={teacher.user_id}")
        expect(opened.locator('[data-person][aria-current="true"]')).to_be_visible()
        yield opened
        browser.close()
    assert complaints == []


def a_bubble(title: str, label: str) -> Json:
    press: Json = {"type": "postback", "label": label, "data": f"show:{title}", "displayText": f"{label} {title}"}
    text: Json = {"type": "text", "text": title, "weight": "bold", "wrap": True}
    body: Json = {"type": "box", "layout": "vertical", "contents": [text]}
    button: Json = {"type": "button", "style": "primary", "action": press}
    return {"type": "bubble", "body": body, "footer": {**body, "contents": [button]}}


def test_a_pushed_carousel_is_drawn_and_answers(
    page: Page, teacher: SimUser, line: LineCaller, bot: ListeningBot
) -> None:
    carousel: Json = {
        "type": "carousel",
        "contents": [a_bubble("WK000171", "怎麼算的"), a_bubble("<b>x</b>", "看案件")],
    }
    say: Json = {"type": "action", "action": {"type": "message", "label": "選單", "text": "選單"}}
    message: Json = {"type": "flex", "altText": "兩件", "contents": carousel, "quickReply": {"items": [say]}}
    line.post("message/push", {"to": teacher.user_id, "messages": [message]})
    chat = page.get_by_role("log")
    expect(chat.locator("[data-flex-bubble]")).to_have_count(2)
    expect(chat.get_by_text("<b>x</b>", exact=True)).to_be_visible()
    expect(page.get_by_role("group", name="快速回覆").get_by_role("button", name="選單")).to_be_visible()
    chat.get_by_role("button", name="怎麼算的").click()
    expect(chat.locator('[data-message-kind="text"]')).to_contain_text("怎麼算的 WK000171")
    assert bot.events[-1]["postback"] == {"data": "show:WK000171"}
    expect(page.get_by_role("group", name="快速回覆")).to_be_hidden()


def test_typing_by_keyboard_reaches_the_bot(page: Page, platform: Platform, teacher: SimUser) -> None:
    page.get_by_label("訊息", exact=True).fill("待辦")
    page.keyboard.press("Enter")
    expect(page.get_by_role("log").locator('[data-way="phone"]')).to_contain_text("待辦")
    assert [message.text for message in platform.messages(teacher)] == ["待辦"]


def test_the_clock_moves_and_shows_both_calendars(page: Page) -> None:
    page.get_by_role("button", name="到下一個 08:30").click()
    expect(page.locator("#clock-time")).to_have_text("08:30:00")
    expect(page.locator("#clock-roc")).to_have_text("115/11/24（二）")
    expect(page.locator("#clock-iso")).to_have_text("2026-11-24")


def test_a_page_opens_in_a_sheet_over_the_phone_and_nothing_behind_is_reached(
    page: Page, teacher: SimUser, line: LineCaller
) -> None:
    address = f"{page.url.partition('/phone/')[0]}/mailbox/"
    text: Json = {"type": "text", "text": "信箱", "size": "md", "scaling": True}
    opening: Json = {"type": "button", "action": {"type": "uri", "label": "開啟", "uri": address}}
    body: Json = {"type": "box", "layout": "vertical", "contents": [text, opening]}
    message: Json = {"type": "flex", "altText": "信箱", "contents": {"type": "bubble", "body": body}}
    line.post("message/push", {"to": teacher.user_id, "messages": [message]})
    button = page.get_by_role("log").get_by_role("button", name="開啟")
    button.focus()
    page.keyboard.press("Enter")
    sheet = page.get_by_role("dialog", name="開啟")
    expect(sheet).to_contain_text("/mailbox/")
    expect(sheet.frame_locator("iframe").get_by_role("heading", name="信箱")).to_be_visible()
    expect(page.locator("#chat")).to_have_js_property("inert", value=True)
    expect(sheet.get_by_role("button", name="關閉網頁，回到聊天室")).to_be_focused()
    page.keyboard.press("Escape")
    expect(sheet).to_be_hidden()
    expect(button).to_be_focused()

    page.get_by_label("LINE 電腦版").check()
    with page.expect_popup() as opened:
        button.click()
    assert opened.value.url == address
    opened.value.close()
    page.get_by_label("LINE 電腦版").uncheck()

    shown = page.get_by_role("log").get_by_text("信箱", exact=True)
    expect(shown).to_have_css("font-size", "16px")
    page.get_by_label("字的大小").select_option(label="特大")
    expect(shown).to_have_css("font-size", "20.8px")
