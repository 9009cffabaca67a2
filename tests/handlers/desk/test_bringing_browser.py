"""匯入 in a real browser: axe finds nothing, the pages fit a phone, and a list and a dispatch go their whole way."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Response
from playwright.sync_api import Page, expect

from bot.app import POLICY
from bot.server import serving
from core.accounts.models import Account, Role
from core.context import Core
from handlers.desk.memory import MemoryRequest
from tests.builders import a_unit, an_account
from tests.core.imports.lists import DISPATCH, a_csv, an_xlsx, many
from tests.handlers.desk.conftest import HELD, Place, application
from tests.handlers.desk.test_account_browser import is_sound
from tests.handlers.desk.test_watch_browser import sits

pytestmark = pytest.mark.browser


@pytest.fixture
def url(core_sqlite: Core) -> Iterator[str]:
    """The desk as the real application has it: under its policy, and with its requests."""
    app = application(core_sqlite)
    app.request_class = MemoryRequest

    @app.after_request
    def harden(response: Response) -> Response:
        response.headers.setdefault("Content-Security-Policy", POLICY.format(link="https://line.example"))
        return response

    with serving(app, "127.0.0.1", 0) as port:
        yield f"http://127.0.0.1:{port}"


@pytest.fixture
def center(core_sqlite: Core, place: Place) -> Account:
    a_unit(core_sqlite, "永平國小", code="S1", parent=place.bureau)
    return an_account(core_sqlite, place.bureau, role=Role.CENTER, permissions=HELD[Role.CENTER], name="陳怡君")


def sends(page: Page, file: Path, content: bytes) -> None:
    file.write_bytes(content)
    page.get_by_label("檔案", exact=True).set_input_files(file)
    page.get_by_role("button", name="看匯入後的結果").click()


def test_a_list_is_put_right_looked_at_and_brought_in(
    page: Page, url: str, core_sqlite: Core, center: Account, tmp_path: Path
) -> None:
    sits(page, url, core_sqlite, center)
    page.goto(f"{url}/desk/")
    page.get_by_role("link", name="匯入", exact=True).click()
    is_sound(page)
    page.get_by_role("button", name="看匯入後的結果").click()
    expect(page.get_by_text("還沒有選擇檔案")).to_be_visible()
    is_sound(page)
    wrong = DISPATCH | {"派案日期": "151/03/01", "身分證統號": "A123", "需評估單": "?"}
    sends(page, tmp_path / "list.csv", a_csv([wrong | {"備註": "x"}, *many(3, 單位代碼="S9")]))
    expect(page.get_by_role("heading", name="有 6 個地方要更正，沒有匯入任何資料")).to_be_visible()
    expect(page.get_by_text("會略過：備註")).to_be_visible()
    is_sound(page)
    sends(page, tmp_path / "list.xlsx", an_xlsx([DISPATCH, *many(15)]))
    expect(page.get_by_role("heading", name="匯入預覽：派案清單")).to_be_visible()
    expect(page.get_by_text("還沒有存檔")).to_be_visible()
    is_sound(page)
    page.get_by_role("button", name="確定匯入").dblclick()
    expect(page.get_by_text("新增 16 筆、更新 0 筆、不變 0 筆")).to_be_visible()
    is_sound(page)
    page.go_back()
    expect(page.get_by_text("新增 16 筆、更新 0 筆、不變 0 筆")).to_be_visible()


def test_a_template_is_taken_home(page: Page, url: str, core_sqlite: Core, center: Account) -> None:
    sits(page, url, core_sqlite, center)
    page.goto(f"{url}/desk/bring")
    with page.expect_download() as taken:
        page.get_by_role("link", name="檢核清單範本").click()
    assert taken.value.suggested_filename == "checks.xlsx"


def test_one_dispatch_is_typed_put_right_and_confirmed(
    page: Page, url: str, core_sqlite: Core, center: Account
) -> None:
    sits(page, url, core_sqlite, center)
    page.goto(f"{url}/desk/bring")
    page.get_by_role("link", name="填寫一筆派案").click()
    is_sound(page)
    page.get_by_label("案件編號").fill("WK0077")
    page.get_by_label("單位", exact=True).fill("沒有這個單位")
    page.get_by_label("家庭衝突").check()
    page.get_by_role("button", name="下一步：看摘要").click()
    expect(page.get_by_text("有 3 個地方要更正，沒有存檔。")).to_be_visible()
    expect(page.get_by_label("家庭衝突")).to_be_checked()
    is_sound(page)
    for label, typed in (("單位", "永平國小"), ("案主姓名", "李小華"), ("受理日期", "115/03/03")):
        page.get_by_label(label, exact=True).fill(typed)
    page.get_by_role("button", name="下一步：看摘要").click()
    expect(page.get_by_text("永平國小（S1）")).to_be_visible()
    is_sound(page)
    page.get_by_role("button", name="回去修改").click()
    expect(page.get_by_label("案主姓名")).to_have_value("李小華")
    page.get_by_role("button", name="下一步：看摘要").click()
    page.get_by_role("button", name="確定派案").click()
    expect(page.get_by_text("已派案：案件 WK0077，永平國小。")).to_be_visible()
    expect(page.get_by_text("REPLY-1")).to_be_visible()
    is_sound(page)


def test_what_is_typed_stays_while_the_session_is_renewed_by_hand_and_by_typing(
    page: Page, url: str, core_sqlite: Core, center: Account
) -> None:
    page.clock.install()
    sits(page, url, core_sqlite, center)
    page.goto(f"{url}/desk/bring/dispatch")
    page.clock.fast_forward("55:00")
    expect(page.get_by_text("快要登出了")).to_be_visible()
    page.get_by_label("案件編號").press_sequentially("WK")
    expect(page.get_by_text("再閒置 60 分鐘會登出")).to_be_visible()
    expect(page.get_by_text("快要登出了")).to_be_hidden()
    page.clock.fast_forward("56:00")
    page.get_by_role("button", name="延長").click()
    expect(page.get_by_text("已延長，從現在起 60 分鐘內有效。")).to_be_visible()
    expect(page.get_by_label("案件編號")).to_have_value("WK")
