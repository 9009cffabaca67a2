"""案件 NUMBER: by word, by bare number, by button, by dialog; never another unit's."""

from __future__ import annotations

from datetime import date

import pytest
from sqlalchemy import select

from core.accounts.models import Permission
from core.audit import AuditRow
from core.buttons import ExplainDispatch, ExplainLight, ShowCase
from core.context import Core
from tests.builders import an_account
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
    chat.says("不知道編號的那種")
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
    chat.says("案件 小明")
    chat.sees("案件編號是英文字母加數字", "姓名")


@pytest.mark.parametrize("text", ["查 17", "WK17", "WK017", "17號", "17號那件怎樣了", "案件 0017", "查 WK17"])
def test_a_part_of_a_number_finds_the_one_case_of_mine(chat: Chat, school: School, text: str) -> None:
    school.dispatch("WK00017", DISPATCHED)
    school.dispatch("WK00117", DISPATCHED)
    chat.says(text)
    chat.sees("WK00017", "王○明", "115/03/11")
    chat.sees_no("WK00117", "王小明")


def test_of_several_cases_with_a_part_it_is_asked_which(chat: Chat, school: School) -> None:
    school.dispatch("WK10003", DISPATCHED)
    school.dispatch("AH10003", DISPATCHED, child_name="李小美")
    chat.says("10003")
    chat.sees("是哪一件", "WK10003 王○明", "AH10003 李○美")
    chat.presses("AH10003")
    chat.sees("李○美", "115/03/11")
    chat.says("AH10003")
    chat.sees("李○美")


def test_the_digits_within_a_number_are_enough_when_they_are_four(chat: Chat, school: School) -> None:
    school.dispatch("D11108040", DISPATCHED)
    chat.says("查 1110804")
    chat.sees("D11108040")
    chat.says("查 804")
    chat.sees("沒有編號符合的")


def test_a_part_that_none_of_mine_has_is_said_in_the_same_words_whatever_others_have(
    chat: Chat, other_school: School
) -> None:
    other_school.dispatch("WK10003", DISPATCHED)
    chat.says("查 10003")
    theirs = chat.answer
    chat.says("查 10004")
    assert chat.answer == theirs
    chat.sees("您最近的案件裡，沒有編號符合的", "WK00017")


def test_who_is_asked_for_a_number_may_type_its_end(chat: Chat, school: School) -> None:
    school.dispatch("WK00017", DISPATCHED)
    chat.says("案件")
    chat.says("17")
    chat.sees("WK00017", "王○明")
    assert not chat.dialog.name


def test_who_has_only_checks_finds_no_case_by_a_part(core_sqlite: Core, school: School) -> None:
    school.dispatch("WK00017", DISPATCHED)
    checker = Chat(core_sqlite, an_account(core_sqlite, school.unit, permissions=(Permission.MEAL_CHECKS,)))
    checker.says("查 17")
    checker.sees_no("WK00017", "王○明")
