"""案件 NUMBER: by word, by bare number, by button, by dialog; never another unit's."""

from __future__ import annotations

from datetime import date

import pytest
from sqlalchemy import select

from core.audit import AuditRow
from core.buttons import ExplainDispatch, ExplainLight, ShowCase
from core.context import Core
from tests.handlers.chat.conftest import School
from tests.handlers.chat.transcript import Chat

DISPATCHED = date(2026, 3, 1)


@pytest.mark.parametrize(
    "text", ["案件 WK00017", "案件WK00017", "查 wk00017", "WK00017", "ＷＫ０００１７", "案件：WK00017？"]
)
def test_a_case_by_its_number(chat: Chat, school: School, text: str) -> None:
    school.dispatch("WK00017", DISPATCHED, child_name="王小明")
    chat.says(text)
    chat.sees("WK00017", "王○明", "115/03/11")
    chat.sees_no("王小明")


def test_a_case_from_the_duties(chat: Chat, school: School) -> None:
    school.dispatch("WK00017", DISPATCHED)
    chat.says("待辦")
    chat.presses("看案件")
    chat.sees("WK00017", "永平國民小學")


def test_a_case_says_how_its_light_came_about(chat: Chat, school: School, other_school: School) -> None:
    school.dispatch("WK00017", DISPATCHED)
    chat.says("案件 WK00017")
    chat.presses("燈號怎麼來的")
    chat.sees("案件燈號的判斷", "永平國民小學", "尚未回覆", "REC-7")
    other_school.dispatch("WK00018", DISPATCHED)
    chat.presses_data(ExplainLight("WK00018"))
    chat.sees("查無資料")


def test_a_case_says_how_its_bucket_and_its_opening_came_about(chat: Chat, school: School) -> None:
    school.dispatch("WK00017", DISPATCHED)
    chat.says("案件 WK00017")
    chat.presses("歸類怎麼來的")
    chat.sees("派案的歸類", "回覆期限", "REPLY-2", "開案情形的判斷", "新接案", "REPLY-6")
    chat.presses_data(ExplainDispatch(99999))
    chat.sees("查無資料")


def test_a_case_is_asked_for_and_the_dialog_ends_with_it(chat: Chat, school: School) -> None:
    school.dispatch("WK00017", DISPATCHED)
    chat.says("案件")
    chat.sees("請輸入案件編號", "取消")
    chat.says("wk00017")
    chat.sees("WK00017", "王○明")
    assert not chat.dialog.name


def test_a_number_that_is_none_is_asked_for_again(chat: Chat, school: School) -> None:
    school.dispatch("WK00017", DISPATCHED)
    chat.says("案件")
    chat.says("那個王小明的")
    chat.sees("英文字母加數字", "請輸入案件編號")
    chat.says("WK00017")
    chat.sees("王○明")


def test_a_case_that_is_not_there_may_be_typed_again(chat: Chat, school: School) -> None:
    school.dispatch("WK00017", DISPATCHED)
    chat.says("案件")
    chat.says("WK99999")
    chat.sees("查無資料")
    chat.says("WK00017")
    chat.sees("王○明")


@pytest.mark.parametrize("text", ["案件 {}", "{}", "查{}"])
def test_a28_another_schools_case_equals_one_that_is_not_there(chat: Chat, other_school: School, text: str) -> None:
    other_school.dispatch("WK00017", DISPATCHED)
    chat.says(text.format("WK00017"))
    theirs = chat.answer
    chat.says(text.format("WK99999"))
    assert chat.answer == theirs
    chat.sees("查無資料")


def test_a28_another_schools_case_by_button_equals_one_that_is_not_there(chat: Chat, other_school: School) -> None:
    other_school.dispatch("WK00017", DISPATCHED)
    chat.presses_data(ShowCase("WK00017"))
    theirs = chat.answer
    chat.presses_data(ShowCase("WK99999"))
    assert chat.answer == theirs


def test_a28_who_asked_for_anothers_case_is_in_the_audit(
    chat: Chat, school: School, other_school: School, core_sqlite: Core
) -> None:
    other_school.dispatch("WK00017", DISPATCHED)
    chat.says("案件 WK00017")
    with core_sqlite.store.reading() as session:
        rows = session.scalars(select(AuditRow).where(AuditRow.act == "refused")).all()
    assert [(row.actor, row.subject) for row in rows] == [(school.caseworker.code, "cases.case WK00017")]


def test_a_name_is_no_number(chat: Chat) -> None:
    chat.says("案件 王小明")
    chat.sees("案件編號是英文字母加數字", "完整姓名")
