"""The pages about accounts in a real browser: axe finds nothing on them, and they fit a phone (ACC-5, ACC-9)."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from axe_playwright_python.sync_playwright import Axe  # type: ignore[import-untyped]  # it publishes no types
from flask import Flask
from playwright.sync_api import Page, expect

from bot.server import serving
from core.accounts.models import Role
from core.accounts.registration.models import MailboxCode
from core.context import Core
from core.otp.service import code_of
from tests.builders import a_unit, an_account
from tests.core.accounts.registration.registering import ID
from tests.handlers.desk.conftest import HELD, SETTINGS, Place, session_of
from tests.handlers.desk.test_browser import PHONE, WIDE, fits

pytestmark = pytest.mark.browser
LARGE_ON = (390, 844)  # a phone, where the text is set twice as large
MAILBOX = "second@ntpc.gov.tw"


OVER = """[...document.querySelectorAll(".list tbody > tr > *, .step > *, .facts > *")]
    .filter(each => each.scrollWidth > each.clientWidth + 1).map(each => each.textContent)"""
"""What stands out of its own cell, over the next."""


@pytest.fixture
def url(app: Flask) -> Iterator[str]:
    with serving(app, "127.0.0.1", 0) as port:
        yield f"http://127.0.0.1:{port}"


def is_sound(page: Page) -> None:
    """Nothing axe knows is wrong, and nothing is wider than the screen, in both sizes and colours and in large text."""
    for size in (PHONE, WIDE):
        page.set_viewport_size({"width": size[0], "height": size[1]})
        fits(page, size)
    reflows(page)
    for scheme in ("dark", "light"):
        page.emulate_media(color_scheme=scheme)
        found = Axe().run(page)
        assert found.violations_count == 0, found.generate_report()


def reflows(page: Page) -> None:
    """In text twice as large the page is no wider than a phone, and nothing lies over something else."""
    page.evaluate("document.documentElement.style.fontSize = '200%'")
    page.set_viewport_size({"width": LARGE_ON[0], "height": LARGE_ON[1]})
    fits(page, LARGE_ON)
    assert page.evaluate(OVER) == []
    page.evaluate("document.documentElement.style.fontSize = ''")


def mailed_code(core: Core) -> str:
    with core.store.reading() as session:
        newest = session.query(MailboxCode).order_by(MailboxCode.sent_at.desc(), MailboxCode.id).all()
    return code_of(core.vault, next(each.id for each in newest if core.vault.open(each.address) == MAILBOX))


def test_somebody_registers_on_pages_that_everybody_can_use(
    page: Page, url: str, core_sqlite: Core, place: Place
) -> None:
    page.goto(f"{url}/p/registration")
    is_sound(page)
    page.get_by_label("公務信箱").fill(MAILBOX)
    page.get_by_role("button", name="寄驗證碼").click()
    is_sound(page)
    page.get_by_label("驗證碼", exact=True).fill(mailed_code(core_sqlite))
    page.get_by_role("button", name="下一步").click()
    page.get_by_role("button", name="送出申請").click()
    expect(page.get_by_text("有 8 個地方要更正")).to_be_visible()
    is_sound(page)
    for label, typed in (("姓名", "林書豪"), ("身分證字號", ID), ("帳號", f"NW{ID[-4:]}"), ("職稱", "主任")):
        page.get_by_label(label, exact=True).fill(typed)
    page.get_by_label("單位").fill(place.school.name)
    page.get_by_label("聯絡電話").fill("0912345678")
    page.get_by_label("承辦人").check()
    page.get_by_label("90097").check()
    page.get_by_role("button", name="送出申請").click()
    expect(page.get_by_role("heading", name="申請已送出")).to_be_visible()
    is_sound(page)


def test_the_desks_pages_about_accounts_can_be_used_by_everybody(
    page: Page, url: str, core_sqlite: Core, place: Place
) -> None:
    admin = an_account(core_sqlite, place.bureau, role=Role.ADMIN, permissions=HELD[Role.ADMIN])
    page.context.add_cookies([{"name": SETTINGS.cookie, "value": session_of(core_sqlite, admin), "url": url}])
    code = place.asker.code
    a_unit(core_sqlite, "高風險家庭服務管理中心暨社會安全網辦公室", parent=place.bureau)
    for path in (
        "accounts?code=清溪",
        f"accounts/{code}",
        f"accounts/{code}/audit",
        f"accounts/{code}/successor?to={place.successor.code}",
        "units",
        f"units/{place.bureau.id}",
        "registrations",
        f"registrations/{place.registration}",
    ):
        page.goto(f"{url}/desk/{path}")
        is_sound(page)


def test_what_ends_a_binding_says_so_and_is_pressed_twice(
    page: Page, url: str, core_sqlite: Core, place: Place
) -> None:
    admin = an_account(core_sqlite, place.bureau, role=Role.ADMIN, permissions=HELD[Role.ADMIN])
    page.context.add_cookies([{"name": SETTINGS.cookie, "value": session_of(core_sqlite, admin), "url": url}])
    page.goto(f"{url}/desk/accounts/{place.asker.code}")
    final = page.get_by_role("button", name="確定解除綁定")
    expect(final).to_be_hidden()
    page.get_by_text("手機遺失：解除 LINE 綁定").focus()
    page.keyboard.press("Enter")
    expect(final).to_be_visible()
    expect(page.get_by_text("綁定與登入立即結束，本人會收到電子郵件")).to_be_visible()
    is_sound(page)
    final.click()
    expect(page.get_by_text(f"帳號 {place.asker.code} 沒有綁定 LINE，這次沒有變更。")).to_be_visible()
