"""匯入 at the desk: a list is shown first and put in once, a wrong one named row by row, and nothing of it is left."""

from __future__ import annotations

import io
from collections.abc import Callable
from typing import Any

import openpyxl
import pytest
from flask import Flask
from sqlalchemy import func, select

from core.accounts.models import Role
from core.checks.models import Check
from core.clock import FixedClock
from core.context import Core
from core.dispatches.models import Dispatch
from core.imports.examples import EXAMPLES, example_list
from core.imports.kinds import Kind
from core.imports.models import Upload
from core.imports.results import ImportRefused
from core.imports.service import COLUMNS
from core.imports.uploads import KEPT
from handlers.desk.bringing import PROBLEMS_AT_MOST
from tests.builders import a_unit
from tests.core.imports.lists import CHECK, DISPATCH, a_csv, an_xlsx, many
from tests.core.imports.test_uploads import Center
from tests.handlers.desk.conftest import Place
from tests.handlers.desk.test_access import BRINGS, routes
from tests.handlers.desk.test_requests import sends
from tests.handlers.desk.test_sign_in import csrf
from tests.handlers.pages.conftest import Browser, forms

Seated = Callable[[Role], Browser]
LIST = a_csv([DISPATCH])


@pytest.fixture
def center(seated: Seated, core_sqlite: Core, place: Place) -> Browser:
    a_unit(core_sqlite, "永平國小", code="S1", parent=place.bureau)
    return seated(Role.CENTER)


def uploads(browser: Browser, content: bytes = LIST, name: str = "list.csv", kind: str = "dispatches") -> int:
    """Send a list by the form, and follow to its preview; return the first answer's status."""
    browser.opens("/desk/bring")
    sent = csrf(browser) | {"kind": kind, "file": (io.BytesIO(content), name)}
    browser.page = browser.client.post("/desk/bring", data=sent)
    status = browser.page.status_code
    if status == 303:
        browser.opens(browser.page.location)
    return status


def count(core: Core, table: type[Dispatch | Check | Upload]) -> int:
    with core.store.reading() as session:
        return session.scalar(select(func.count()).select_from(table)) or 0


@pytest.mark.parametrize("role", Role)
def test_only_the_center_and_administrators_bring_in(app: Flask, seated: Seated, role: Role) -> None:
    browser = seated(role)
    may = role in (Role.CENTER, Role.ADMIN)
    assert (">匯入</a>" in browser.opens("/desk/").get_data(as_text=True)) is may
    for name in BRINGS:
        status = asks(browser, app, name)
        assert (name, status == 403) == (name, not may)
        if may:
            assert status == {"bring_list": 422, "bring_dispatch_check": 422, "bring_dispatch_put": 422}.get(
                name, status
            )
            assert status in (200, 404, 422)


def test_nobody_brings_in_unsigned(app: Flask, visitor: Browser) -> None:
    for name in BRINGS:
        assert asks(visitor, app, name, "/desk/sign-in") == 303
        assert visitor.page is not None
        assert visitor.page.location == "/desk/sign-in"


def asks(browser: Browser, app: Flask, name: str, form: str = "/desk/") -> int:
    rule = routes(app)[name]
    values = {"number": 7, "which": "dispatches"}
    asked: dict[str, Any] = {key: values[key] for key in rule.arguments}
    with app.test_request_context():
        path = app.url_for(f"desk.{name}", **asked)
    browser.opens(form)
    is_form = "POST" in (rule.methods or ())
    browser.page = browser.client.post(path, data=csrf(browser)) if is_form else browser.client.get(path)
    return browser.page.status_code


@pytest.mark.parametrize(("content", "name"), [(LIST, "list.csv"), (an_xlsx([DISPATCH]), "list.xlsx")])
def test_a_list_is_shown_masked_and_put_in_once(center: Browser, core_sqlite: Core, content: bytes, name: str) -> None:
    before = count(core_sqlite, Dispatch)
    assert uploads(center, content, name) == 303
    for words in ("還沒有存檔", "<dt>新增</dt><dd>1 筆</dd>", "王○明", "WK0001"):
        assert words in center.text
    assert "王小明" not in center.text
    assert "王大明" not in center.text
    assert count(core_sqlite, Dispatch) == before
    preview = center.text
    assert sends(center, "/confirm") == 303
    assert "匯入：新增 1 筆、更新 0 筆、不變 0 筆。上傳的檔案已刪除。" in center.text
    assert "早已匯入" not in center.text
    assert count(core_sqlite, Dispatch) == before + 1
    center.page = None
    again = again_from(center, preview)
    assert again == 303
    assert "這份清單早已匯入，這次沒有變更。" in center.text
    assert count(core_sqlite, Dispatch) == before + 1


def again_from(browser: Browser, html: str) -> int:
    """Send a confirmation once more from a page that was open: a double click, the back button."""
    action, fields = next(each for each in forms(html) if each[0].endswith("/confirm"))
    answer = browser.client.post(action, data=fields)
    browser.opens(answer.location)
    return answer.status_code


def test_the_same_list_again_has_nothing_to_confirm(center: Browser) -> None:
    uploads(center)
    sends(center, "/confirm")
    uploads(center)
    assert "沒有要匯入的" in center.text
    assert "/confirm" not in center.text


def test_a_second_tab_with_another_list_is_told_that_its_file_is_gone(center: Browser, core_sqlite: Core) -> None:
    uploads(center)
    first = center.text
    uploads(center, a_csv(many(2)))
    before = count(core_sqlite, Dispatch)
    assert again_from(center, first) == 303
    assert "已由較新的檔案取代" in center.text
    assert count(core_sqlite, Dispatch) == before


def test_what_changed_after_the_preview_is_shown_first(center: Browser, core_sqlite: Core) -> None:
    uploads(center, a_csv([DISPATCH, *many(1)]))
    other = Center(core_sqlite)
    theirs = other.sends(LIST)
    other.confirms(theirs, other.digest(theirs))
    before = count(core_sqlite, Dispatch)
    assert sends(center, "/confirm") == 409
    assert "系統裡的資料有變動，還沒有存檔" in center.text
    assert "<dt>不變</dt><dd>1 筆</dd>" in center.text
    assert count(core_sqlite, Dispatch) == before
    assert sends(center, "/confirm") == 303
    assert count(core_sqlite, Dispatch) == before + 1


def test_what_became_wrong_after_the_preview_is_named(center: Browser, core_sqlite: Core) -> None:
    uploads(center)
    other = Center(core_sqlite)
    theirs = other.sends(a_csv([DISPATCH | {"案主姓名": "王大華", "派案日期": "115/03/02"}]))
    other.confirms(theirs, other.digest(theirs))
    assert sends(center, "/confirm") == 409
    assert "這份清單現在有錯" in center.text
    assert "REPLY-15" in center.text


def test_a_list_is_dropped(center: Browser, core_sqlite: Core) -> None:
    uploads(center)
    assert sends(center, "/drop") == 303
    assert "已刪除上傳的檔案" in center.text
    with core_sqlite.store.reading() as session:
        assert session.scalars(select(Upload.content)).all() == [None]


def test_after_an_hour_the_preview_says_so(center: Browser, clock: FixedClock) -> None:
    uploads(center)
    preview = center.text
    clock.move(KEPT / 2)
    center.opens("/desk/bring")
    clock.move(KEPT / 2)
    assert again_from(center, preview) == 303
    assert "這個檔案已經刪除" in center.text


def test_every_wrong_row_is_named_with_its_place(center: Browser, core_sqlite: Core) -> None:
    rows = [DISPATCH, DISPATCH | {"派案日期": "115/02/30"}, DISPATCH | {"案件編號": "WK0002", "單位代碼": "S9"}]
    assert uploads(center, a_csv(rows)) == 422
    assert "有 2 個地方要更正，沒有匯入任何資料" in center.text
    assert 'data-label="列">3</th>' in center.text
    assert 'data-label="欄位">單位代碼</td>' in center.text
    assert "查無這個單位代碼" in center.text
    assert count(core_sqlite, Upload) == 0


def test_how_many_wrong_places_are_not_listed_is_said(center: Browser) -> None:
    uploads(center, a_csv(many(PROBLEMS_AT_MOST + 1, 需評估單="?")))
    assert f"有 {PROBLEMS_AT_MOST + 1} 個地方要更正" in center.text
    assert center.text.count('data-label="問題"') == PROBLEMS_AT_MOST
    assert "還有 1 個地方沒有列出" in center.text
    uploads(center, a_csv(many(PROBLEMS_AT_MOST, 需評估單="?")))
    assert "沒有列出" not in center.text


@pytest.mark.parametrize(
    ("content", "name", "kind", "said"),
    [
        (b"", "", "dispatches", "還沒有選擇檔案"),
        (LIST, "list.ods", "dispatches", "只接受 xlsx 與 csv 檔"),
        (LIST, "list.xlsx", "dispatches", "不是可讀的 xlsx 檔"),
        (LIST, "list.csv", "", "請選擇這份清單是哪一種"),
        (LIST, "list.csv", "accounts", "請選擇這份清單是哪一種"),
        (LIST, "list.csv", "checks", "缺少這個欄位"),
    ],
)
def test_what_is_no_such_list_is_refused(center: Browser, content: bytes, name: str, kind: str, said: str) -> None:
    assert uploads(center, content, name, kind) == 422
    assert said in center.text


@pytest.mark.parametrize("written", ["<script>alert(1)</script>", '=HYPERLINK("x")', "\u202e王小明"])
def test_markup_and_formulas_are_shown_harmless(center: Browser, written: str) -> None:
    assert uploads(center, a_csv([DISPATCH | {"案件編號": written, "案主姓名": written}])) == 303
    assert "<script>alert" not in center.text
    assert "\u202e" not in center.text
    assert uploads(center, a_csv([DISPATCH | {written: "1", "案件狀態": written}])) == 422
    assert "<script>alert" not in center.text


def test_checks_are_brought_in_too(center: Browser, core_sqlite: Core) -> None:
    before = count(core_sqlite, Check)
    uploads(center, a_csv([CHECK]), kind="checks")
    assert "林○華" in center.text
    assert sends(center, "/confirm") == 303
    assert count(core_sqlite, Check) == before + 1


def test_an_administrator_brings_in_units_and_accounts(seated: Seated, place: Place) -> None:
    admin = seated(Role.ADMIN)
    for kind, said in ((Kind.UNITS, "範例國小"), (Kind.ACCOUNTS, "陳○君")):
        row = filled(kind, place.school.code)
        assert uploads(admin, a_csv([row]), kind=kind.value) == 303
        assert said in admin.text
        assert sends(admin, "/confirm") == 303
        assert "新增 1 筆" in admin.text


def filled(kind: Kind, unit: str) -> dict[str, str]:
    """Return a template's row with a unit that is there."""
    names = {column.heading: name for name, column in COLUMNS[kind].items()}
    return {each: unit if EXAMPLES[kind][name] == "範例單位" else EXAMPLES[kind][name] for each, name in names.items()}


@pytest.mark.parametrize("kind", Kind)
def test_a_template_has_the_headings_and_a_row_that_opens_nothing(seated: Seated, kind: Kind) -> None:
    admin = seated(Role.ADMIN)
    page = admin.opens(f"/desk/bring/templates/{kind.value}.xlsx")
    sheet = openpyxl.load_workbook(io.BytesIO(page.data)).worksheets[0]
    headings, example = ([cell.value for cell in row] for row in sheet.iter_rows())
    assert headings == [column.heading for column in COLUMNS[kind].values()]
    assert "範例單位" in example
    assert uploads(admin, page.data, "list.xlsx", kind.value) == 422
    assert "有 1 個地方要更正" in admin.text


def test_the_template_of_what_one_may_not_bring_in_is_not_there(center: Browser) -> None:
    assert center.opens("/desk/bring/templates/accounts.xlsx").status_code == 404
    assert center.opens("/desk/bring/templates/none.xlsx").status_code == 404


def test_a_filled_in_template_is_taken(core_sqlite: Core, clock: FixedClock) -> None:
    somebody = Center(core_sqlite)
    unit = a_unit(core_sqlite, "永平國小", code="S1")
    book = openpyxl.load_workbook(io.BytesIO(example_list(Kind.DISPATCHES, clock.now())))
    place = list(COLUMNS[Kind.DISPATCHES]).index("unit_code") + 1
    book.worksheets[0].cell(2, place).value = unit.code
    content = io.BytesIO()
    book.save(content)
    assert somebody.sends(content.getvalue(), "list.xlsx") > 0
    with pytest.raises(ImportRefused):
        somebody.sends(example_list(Kind.DISPATCHES, clock.now()), "list.xlsx")
