"""審核 in a real browser: read and decided on a phone and a wide screen, by the keyboard alone (REPLY-11, CLOSE-9)."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
from flask import Flask
from playwright.sync_api import Page, expect

from bot.server import serving
from core.accounts.models import Role
from core.context import Core
from tests.builders import an_account
from tests.handlers.desk.conftest import HELD, SETTINGS, Place, session_of
from tests.handlers.desk.reviewed import a_sender
from tests.handlers.desk.test_account_browser import is_sound

pytestmark = pytest.mark.browser
READ = 1000  # ms after which a page takes a decision


@pytest.fixture
def url(app: Flask) -> Iterator[str]:
    with serving(app, "127.0.0.1", 0) as port:
        yield f"http://127.0.0.1:{port}"


def test_a_supervisor_reads_and_decides_on_pages_that_everybody_can_use(
    page: Page, url: str, core_sqlite: Core, place: Place
) -> None:
    sender = a_sender(core_sqlite, place)
    sender.reply()
    closure, check = sender.closure(), sender.check()
    one = an_account(core_sqlite, place.bureau, role=Role.SUPERVISOR, permissions=HELD[Role.SUPERVISOR])
    page.context.add_cookies([{"name": SETTINGS.cookie, "value": session_of(core_sqlite, one), "url": url}])
    for path in ("?of=checks", f"/closures/{closure}", f"/checks/{check}", ""):
        page.goto(f"{url}/desk/reviews{path}")
        is_sound(page)
    page.get_by_role("link", name="WK00041").click()
    is_sound(page)
    page.get_by_role("button", name="退件").click()
    expect(page.get_by_text("退件沒有寫原因")).to_be_visible()
    expect(page.get_by_label("退件原因")).to_be_focused()
    is_sound(page)
    page.keyboard.type("請補充訪視情形")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.get_by_text("回覆單 WK00041 已退件")).to_be_visible()


def test_the_second_of_two_clicks_decides_nothing_on_the_next_form(
    page: Page, url: str, core_sqlite: Core, place: Place
) -> None:
    sender = a_sender(core_sqlite, place)
    for number in ("WK00041", "WK00042"):
        sender.reply(number)
    one = an_account(core_sqlite, place.bureau, role=Role.SUPERVISOR, permissions=HELD[Role.SUPERVISOR])
    page.context.add_cookies([{"name": SETTINGS.cookie, "value": session_of(core_sqlite, one), "url": url}])
    page.clock.install(time=datetime(2026, 3, 4, tzinfo=UTC))
    page.goto(f"{url}/desk/reviews")
    page.clock.pause_at(datetime(2026, 3, 4, 1, tzinfo=UTC))
    page.get_by_role("link", name="WK00041").click()
    page.clock.fast_forward(READ)
    page.get_by_role("button", name="核可").click()
    expect(page.get_by_role("heading", name="回覆單 WK00042")).to_be_visible()
    page.get_by_role("button", name="核可").click()  # no time has gone by on this page
    page.clock.fast_forward(READ)
    expect(page.get_by_text("第 1 張，共 1 張。")).to_be_visible()
    page.get_by_role("button", name="核可").click()
    expect(page.get_by_text("目前沒有等您審核的回覆單")).to_be_visible()
