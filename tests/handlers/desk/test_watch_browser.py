"""統計, 匯出 and the request page in a real browser: axe finds nothing, they fit a phone, and the charts are drawn."""

from __future__ import annotations

import io
from collections.abc import Iterator
from datetime import timedelta

import openpyxl
import pytest
from flask import Response
from playwright.sync_api import Page, expect

from bot.app import POLICY
from bot.server import serving
from core.access import Actor
from core.accounts.models import Account, Role
from core.audit import Door
from core.context import Core
from core.helpdesk.answering import solve
from core.helpdesk.by_mail import MailRequest, ask_by_mail
from core.helpdesk.following import follow_path
from core.helpdesk.models import HelpKind
from tests.builders import a_dispatch, a_unit, an_account
from tests.duties import a_duty
from tests.handlers.desk.conftest import HELD, SETTINGS, Place, application, session_of
from tests.handlers.desk.test_account_browser import is_sound, reflows
from tests.handlers.desk.test_messages import fill

pytestmark = pytest.mark.browser
DAY = timedelta(days=1)
CHARTS = 3
PAPER = 718  # what is left of A4 between its margins


@pytest.fixture
def url(core_sqlite: Core) -> Iterator[str]:
    """The desk under the policy of the real application: what stands in a page runs nothing."""
    app = application(core_sqlite)

    @app.after_request
    def harden(response: Response) -> Response:
        response.headers.setdefault("Content-Security-Policy", POLICY.format(link="https://line.example"))
        return response

    with serving(app, "127.0.0.1", 0) as port:
        yield f"http://127.0.0.1:{port}"


def sits(page: Page, url: str, core: Core, account: Account) -> None:
    page.context.add_cookies([{"name": SETTINGS.cookie, "value": session_of(core, account), "url": url}])


def charts_are_drawn(page: Page) -> None:
    expect(page.locator("figure img")).to_have_count(CHARTS)
    for chart in page.locator("figure img").all():
        chart.scroll_into_view_if_needed()
        chart.evaluate("each => each.decode()")  # waits until it is there, and fails where it is no picture


def test_the_center_watches_and_takes_a_list_out(page: Page, url: str, core_sqlite: Core, place: Place) -> None:
    school = a_unit(core_sqlite, "新北市立板橋國民中學附設國民小學部", parent=place.bureau)
    for days in (-3, -2, 1, 6, 8, 20, 100):
        a_duty(core_sqlite, a_dispatch(core_sqlite, school), due_at=core_sqlite.clock.now() + days * DAY)
    sits(page, url, core_sqlite, an_account(core_sqlite, role=Role.CENTER, permissions=HELD[Role.CENTER]))
    page.goto(f"{url}/desk/watch")
    charts_are_drawn(page)
    is_sound(page)
    page.get_by_role("link", name="件，115/03/09–115/03/15 到期").click()
    is_sound(page)
    page.get_by_role("link", name="匯出 Excel").click()
    is_sound(page)
    page.get_by_role("button", name="匯出 Excel").click()
    page.get_by_label("匯出理由").fill("三月督導會議")
    with page.expect_download() as taken:
        page.get_by_role("button", name="匯出 Excel").click()
    sheet = openpyxl.load_workbook(io.BytesIO(taken.value.path().read_bytes())).worksheets[0]
    assert "三月督導會議" in str(sheet["A3"].value)


def test_the_helpdesk_watches_its_times(page: Page, url: str, core_sqlite: Core, place: Place) -> None:
    fill(core_sqlite)
    sits(page, url, core_sqlite, an_account(core_sqlite, place.bureau, role=Role.ADMIN, permissions=()))
    page.goto(f"{url}/desk/watch?days=7")
    charts_are_drawn(page)
    is_sound(page)
    for path in ("requests?days=7", "messages?day=2026-03-04&fate=accepted"):
        page.goto(f"{url}/desk/watch/{path}")
        is_sound(page)


def test_somebody_without_line_asks_and_sees_the_address_first(page: Page, url: str) -> None:
    page.goto(f"{url}/p/help")
    is_sound(page)
    page.get_by_role("button", name="登入問題").click()
    expect(page.get_by_text("分機 8500")).to_be_visible()
    is_sound(page)
    page.get_by_role("button", name="還是不行，寫信給客服").click()
    page.get_by_role("button", name="下一步：確認信箱").click()
    expect(page.get_by_text("有 4 個地方要更正")).to_be_visible()
    is_sound(page)
    for label, typed in (("姓名", "林書豪"), ("單位", "永平國小"), ("電子郵件", "lin@ntpc.gov.tw")):
        page.get_by_label(label, exact=True).fill(typed)
    page.get_by_label("內容").fill("存檔後畫面是白的\n重新整理也一樣")
    page.get_by_role("button", name="換一種").click()
    page.get_by_role("button", name="系統報修").click()
    page.get_by_role("button", name="下一步：確認信箱").click()
    expect(page.get_by_text("lin@ntpc.gov.tw")).to_be_visible()
    is_sound(page)
    page.get_by_role("button", name="回去修改").click()
    expect(page.get_by_label("內容")).to_have_value("存檔後畫面是白的\n重新整理也一樣")
    page.get_by_role("button", name="下一步：確認信箱").click()
    page.get_by_role("button", name="信箱正確，送出").click()
    expect(page.get_by_role("heading", name="問題已送出")).to_be_visible()
    is_sound(page)


def test_who_has_the_mail_sees_how_it_stands_writes_on_and_rates(
    page: Page, url: str, core_sqlite: Core, place: Place
) -> None:
    with core_sqlite.transaction(Actor(name="visitor"), Door.PAGE) as ctx:
        asked = MailRequest("林書豪", place.school.name, "lin@ntpc.gov.tw", HelpKind.FAULT, "畫面是白的")
        number = [ask_by_mail(ctx, asked, asked.email).number for _ in range(2)][-1]
        path = follow_path(ctx.vault, number)
    page.goto(f"{url}{path}")
    is_sound(page)
    page.get_by_role("button", name="送出").click()
    expect(page.get_by_text("內容是空白的")).to_be_visible()
    is_sound(page)
    page.get_by_label("內容").fill("還是白的")
    page.get_by_role("button", name="送出").click()
    expect(page.get_by_text("已補充")).to_be_visible()
    agent = an_account(core_sqlite, place.bureau, role=Role.HELPDESK, permissions=())
    with core_sqlite.transaction(Actor(agent.code, account_id=agent.id, role=Role.HELPDESK), Door.DESK) as ctx:
        solve(ctx, number)
    page.reload()
    is_sound(page)
    page.get_by_role("button", name="有幫上忙", exact=True).click()
    expect(page.get_by_text("您的評分：有幫上忙")).to_be_visible()


def test_every_list_and_working_reflows_in_large_text_and_is_printed_as_a_table(
    page: Page, url: str, core_sqlite: Core, place: Place
) -> None:
    center = an_account(core_sqlite, role=Role.CENTER, permissions=HELD[Role.CENTER])
    sits(page, url, core_sqlite, center)
    for path in ("", "duties", "dispatches/late", "checks/waiting", f"cases/{place.late_case}/light",
                 f"duties/{place.late.id}"):  # fmt: skip
        page.goto(f"{url}/desk/{path}")
        reflows(page)
    page.goto(f"{url}/desk/duties")
    page.set_viewport_size({"width": PAPER, "height": 1000})
    expect(page.get_by_role("columnheader", name="期限")).not_to_be_in_viewport()
    page.emulate_media(media="print")
    expect(page.get_by_role("columnheader", name="期限")).to_be_in_viewport()
    expect(page.get_by_role("navigation")).to_have_count(0)
    expect(page.get_by_text(f"115/03/04 10:00 的資料，由 {center.code} 列印。")).to_be_visible()
    expect(page.get_by_role("link", name="回到總覽")).to_be_hidden()
    page.emulate_media(media="screen")
    expect(page.get_by_text("列印。")).to_be_hidden()
    page.context.clear_cookies()
    sits(page, url, core_sqlite, an_account(core_sqlite, place.bureau, role=Role.ADMIN, permissions=()))
    for path in (f"accounts/{place.asker.code}", f"accounts/{place.asker.code}/audit", "units", "requests", "help",
                 f"help/{place.help}", "messages"):  # fmt: skip
        page.goto(f"{url}/desk/{path}")
        reflows(page)
