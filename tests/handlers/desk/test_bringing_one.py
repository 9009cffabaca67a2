"""派案 at the desk: one dispatch in the list's own terms, shown first, put in once, with its deadline and working."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from sqlalchemy import func, select

from core.access import system
from core.accounts.models import Role, UnitKind
from core.audit import AuditRow, Door
from core.context import Core
from core.dispatches.models import Case, Dispatch
from core.records.kinds import ProblemType
from core.records.reported import reported_problems
from tests.builders import a_national_id, a_unit
from tests.handlers.desk.conftest import Place
from tests.handlers.desk.test_requests import sends
from tests.handlers.desk.test_sign_in import csrf
from tests.handlers.pages.conftest import Browser, forms

Seated = Callable[[Role], Browser]
TYPED = {
    "case_number": "wk0077",
    "unit_code": "清溪國小",
    "dispatched_on": "115/03/03",
    "received_on": "2026-03-02",
    "child_name": "李小華",
    "state": "待回覆",
    "needs_assessment": "否",
    "household": "李小華、李大華",
    "area": "永和區",
    "problem_conflict": "1",
    "problem_carer_gone": "1",
}


@pytest.fixture
def center(seated: Seated, place: Place) -> Browser:  # noqa: ARG001 (the units)
    return seated(Role.CENTER)


def types(browser: Browser, **changed: str) -> int:
    """Type a dispatch into the form and go on to its summary; return the answer's status."""
    browser.opens("/desk/bring/dispatch")
    browser.page = browser.client.post("/desk/bring/dispatch", data=csrf(browser) | TYPED | changed)
    return browser.page.status_code


def dispatches(core: Core) -> int:
    with core.store.reading() as session:
        return session.scalar(select(func.count()).select_from(Dispatch)) or 0


def test_it_is_shown_first_and_then_put_in_with_its_deadline(center: Browser, core_sqlite: Core, place: Place) -> None:
    before = dispatches(core_sqlite)
    assert types(center) == 200
    for words in (
        "確認後會新增這筆派案",
        "WK0077",
        f"清溪國小（{place.school.code}）",
        "115/03/02",
        "期限 115/03/13 23:59",
    ):
        assert words in center.text
    assert dispatches(core_sqlite) == before
    summary = center.text
    assert sends(center, "/put") == 303
    for words in ("已派案：案件 WK0077，清溪國小。", "期限 115/03/13 23:59", "REPLY-1"):
        assert words in center.text
    assert dispatches(core_sqlite) == before + 1
    action, fields = next(each for each in forms(summary) if each[0].endswith("/put"))
    again = center.client.post(action, data=fields)
    center.opens(again.location)
    assert "早已在系統裡，內容相同，沒有變更" in center.text
    assert dispatches(core_sqlite) == before + 1


def test_what_was_typed_comes_in_whole(center: Browser, core_sqlite: Core) -> None:
    types(center)
    sends(center, "/put")
    with core_sqlite.store.reading() as session:
        case = session.scalars(select(Case).where(Case.number == "WK0077")).one()
        assert case.household is not None
        assert core_sqlite.vault.open(case.household) == "李小華、李大華"
        noted = session.scalars(select(AuditRow.act).where(AuditRow.act == "put_dispatch")).all()
    assert noted == ["put_dispatch"]
    with core_sqlite.reading(system("tests"), Door.DESK) as ctx:
        assert reported_problems(ctx, case.id) == {ProblemType.CONFLICT, ProblemType.CARER_GONE}


def test_the_same_again_has_nothing_to_confirm_and_another_state_is_an_update(center: Browser) -> None:
    types(center)
    sends(center, "/put")
    types(center)
    assert "早已在系統裡，內容相同" in center.text
    assert "確定派案" not in center.text
    types(center, area="板橋區")
    assert "確認後會更新它的內容" in center.text
    assert sends(center, "/put") == 303
    assert "已更新派案" in center.text


def test_what_was_shown_as_new_and_would_now_change_another_is_shown_again(center: Browser) -> None:
    types(center)
    summary = center.text
    types(center, area="板橋區")
    sends(center, "/put")
    action, fields = next(each for each in forms(summary) if each[0].endswith("/put"))
    center.page = center.client.post(action, data=fields)
    assert center.page.status_code == 409
    assert "還沒有存檔" in center.text
    assert "確認後會更新它的內容" in center.text


def test_everything_that_is_wrong_stands_beside_its_field_and_what_was_typed_is_kept(
    center: Browser, core_sqlite: Core
) -> None:
    before = dispatches(core_sqlite)
    wrong = {
        "case_number": "",
        "unit_code": "沒有這個單位",
        "dispatched_on": "115/13/01",
        "state": "",
        "national_id": "A1",
    }
    assert types(center, **wrong) == 422
    for name in wrong:
        assert f'id="{name}-error"' in center.text
    assert "有 5 個地方要更正，沒有存檔" in center.text
    for kept in ('value="沒有這個單位"', 'value="115/13/01"', 'value="李小華、李大華"'):
        assert kept in center.text
    assert 'name="problem_conflict" value="1" checked' in center.text
    assert 'name="problem_drugs" value="1" checked' not in center.text
    assert dispatches(core_sqlite) == before


@pytest.mark.parametrize(("day", "status"), [("115/03/05", 200), ("115/03/06", 422), ("151/03/03", 422)])
def test_a_day_later_than_tomorrow_is_wrong(center: Browser, day: str, status: int) -> None:
    assert types(center, dispatched_on=day) == status
    assert ("派案日期在明天之後" in center.text) is (status == 422)


def test_a_broken_rule_is_named_with_its_number(center: Browser, core_sqlite: Core) -> None:
    a_unit(core_sqlite, "某大學", code="C01", kind=UnitKind.COLLEGE)
    assert types(center, unit_code="C01") == 422
    assert "（REPLY-13）" in center.text.partition('id="unit_code-error"')[2].partition("</p>")[0]
    types(center)
    sends(center, "/put")
    assert types(center, child_name="李大華", national_id=a_national_id(3)) == 422
    assert "（REPLY-15）" in center.text.partition('id="child_name-error"')[2].partition("</p>")[0]


def test_one_goes_back_to_what_was_typed(center: Browser) -> None:
    types(center)
    action, fields = next(each for each in forms(center.text) if "again" in each[1])
    center.page = center.client.post(action, data=fields)
    assert center.page.status_code == 200
    assert 'value="wk0077"' in center.text
    assert 'name="problem_carer_gone" value="1" checked' in center.text


def test_an_administrator_who_sees_no_duties_is_told_the_deadline(seated: Seated, place: Place) -> None:  # noqa: ARG001
    admin = seated(Role.ADMIN)
    types(admin)
    assert sends(admin, "/put") == 303
    assert "已派案：案件 WK0077，清溪國小。" in admin.text
    assert "期限 115/03/13 23:59" in admin.text


def test_what_is_closed_already_owes_nothing(center: Browser) -> None:
    types(center, state="已結案", opening="不開案")
    assert "目前沒有待辦期限" in center.text
    assert sends(center, "/put") == 303
    assert "目前沒有待辦期限" in center.text


def test_markup_is_shown_as_it_was_typed(center: Browser) -> None:
    types(center, child_name="<b>小華</b>", area="<script>")
    assert "<b>小華" not in center.text
    assert "&lt;b&gt;小華" in center.text
    assert "<script>" not in center.text.partition("<main")[2]
