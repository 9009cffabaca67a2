"""The desk in a real browser, on a phone and on a wide screen: signing in, what fits, and the keyboard."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from flask import Flask
from playwright.sync_api import Page, expect

from bot.server import serving
from core.accounts.models import Account
from core.context import Core
from tests.handlers.pages.conftest import PASSWORD, last_code

pytestmark = pytest.mark.browser
PHONE, WIDE = (320, 640), (1440, 900)


@pytest.fixture
def desk_url(app: Flask) -> Iterator[str]:
    with serving(app, "127.0.0.1", 0) as port:
        yield f"http://127.0.0.1:{port}/desk/"


@pytest.mark.parametrize("size", [PHONE, WIDE])
def test_somebody_signs_in_and_finds_what_is_late(
    page: Page, desk_url: str, core_sqlite: Core, account: Account, size: tuple[int, int]
) -> None:
    page.set_viewport_size({"width": size[0], "height": size[1]})
    page.goto(desk_url)
    fits(page, size)
    page.get_by_label("帳號").fill(account.code)
    page.get_by_label("密碼").fill(PASSWORD)
    page.get_by_role("button", name="下一步").click()
    expect(page.get_by_role("heading", name="輸入驗證碼")).to_be_visible()
    fits(page, size)
    page.get_by_label("驗證碼", exact=True).fill(last_code(core_sqlite))
    page.get_by_role("button", name="登入").click()
    expect(page.get_by_role("heading", name="總覽")).to_be_visible()
    expect(page.get_by_role("rowheader")).to_have_count(2)
    expect(page.get_by_text("王○明")).to_be_visible()
    fits(page, size)
    page.get_by_role("link", name="怎麼算的").first.click()
    expect(page.get_by_text("REPLY-1")).to_be_visible()
    fits(page, size)
    page.get_by_role("link", name="回到總覽").click()
    page.get_by_role("link", name="1 已逾期").click()
    expect(page.get_by_role("rowheader")).to_have_count(1)
    fits(page, size)
    page.get_by_role("button", name="登出").click()
    expect(page.get_by_text("已登出。")).to_be_visible()


def test_the_keyboard_jumps_to_the_content_and_the_time_left_runs(
    page: Page, desk_url: str, core_sqlite: Core, account: Account
) -> None:
    page.clock.install()
    page.goto(desk_url)
    page.get_by_label("帳號").fill(account.code)
    page.get_by_label("密碼").fill(PASSWORD)
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="輸入驗證碼")).to_be_visible()
    page.get_by_label("驗證碼", exact=True).fill(last_code(core_sqlite))
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="總覽")).to_be_visible()
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="跳到主要內容")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.get_by_role("main")).to_be_focused()
    page.clock.fast_forward("54:00")
    expect(page.get_by_text("再閒置 6 分鐘會登出")).to_be_visible()
    expect(page.get_by_text("快要登出了")).to_have_count(0)
    page.clock.fast_forward("01:00")
    expect(page.get_by_text("快要登出了")).to_be_visible()
    page.clock.fast_forward("05:00")
    expect(page.get_by_text("登入時間已經結束")).to_be_visible()


def fits(page: Page, size: tuple[int, int]) -> None:
    """Nothing is wider than the screen, once its style is there."""
    page.wait_for_load_state()
    assert page.evaluate("document.documentElement.scrollWidth") <= size[0]
