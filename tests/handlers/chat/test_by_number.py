"""A number typed: the case or the check behind it, and the working of its own deadline, never of another one's."""

from __future__ import annotations

from datetime import date

import pytest

from core.accounts.models import Permission
from core.checks.models import CheckState
from core.context import Core
from tests.builders import a_check, an_account
from tests.duties import owe
from tests.handlers.chat.conftest import School
from tests.handlers.chat.transcript import Chat

LONG_AGO, LATELY = date(2026, 1, 5), date(2026, 3, 1)


@pytest.mark.parametrize("text", ["WK00002 為什麼逾期", "怎麼算的 WK00002", "WK00002的期限怎麼算的？"])
def test_the_deadline_of_the_number_that_was_named(chat: Chat, school: School, text: str) -> None:
    school.dispatch("WK00001", LONG_AGO)
    school.dispatch("WK00002", LATELY)
    chat.says(text)
    chat.sees("WK00002", "115/03/11", "REPLY-1")
    chat.sees_no("115/01/15")


def test_a_working_says_whose_deadline_it_is(chat: Chat, school: School) -> None:
    school.dispatch("WK00001", LONG_AGO)
    chat.says("怎麼算的")
    chat.sees("WK00001", "115/01/15")
    chat.says("待辦")
    chat.presses("怎麼算的")
    chat.sees("WK00001", "115/01/15")


@pytest.mark.parametrize("text", ["{}", "檢核單 {}", "怎麼算的 {}"])
def test_a28_anothers_number_is_explained_like_one_that_is_not_there(
    chat: Chat, school: School, other_school: School, text: str
) -> None:
    school.dispatch("WK00001", LONG_AGO)
    other_school.dispatch("WK00017", LATELY)
    a_check(other_school.core, other_school.unit, number="M00017")
    for number in ("WK00017", "M00017", "WK99999"):
        chat.says(text.format(number))
        chat.sees("查無資料")
        chat.sees_no("WK00001")


@pytest.mark.parametrize("text", ["MS00006", "檢核單 MS00006", "查MS00006", "ms00006"])
def test_a_check_by_its_number(chat: Chat, school: School, text: str) -> None:
    owe(school.core, a_check(school.core, school.unit, number="MS00006", child="林小華"))
    chat.says(text)
    chat.sees("MS00006", "林○華", "檢核期限", "完成檢核")
    chat.presses("怎麼算的")
    chat.sees("CHK-1", "MS00006")


def test_a_check_that_is_done_says_so_where_its_working_is_asked_for(chat: Chat, school: School) -> None:
    a_check(school.core, school.unit, number="MS00006", state=CheckState.CHECKED, has_need=False)
    chat.says("怎麼算的 MS00006")
    chat.sees("MS00006", "已檢核，不需再處理")


def test_whoever_may_see_checks_alone_finds_them_and_no_case(core_sqlite: Core, school: School) -> None:
    chat = Chat(core_sqlite, an_account(core_sqlite, school.unit, permissions=(Permission.MEAL_CHECKS,)))
    a_check(school.core, school.unit, number="MS00006")
    school.dispatch("WK00001", LATELY)
    chat.says("MS00006")
    chat.sees("MS00006")
    for number in ("WK00001", "WK99999"):
        chat.says(number)
        chat.sees("沒有權限")


def test_whoever_may_see_cases_alone_finds_no_check(core_sqlite: Core, school: School) -> None:
    chat = Chat(core_sqlite, an_account(core_sqlite, school.unit, permissions=(Permission.CASEWORKER,)))
    a_check(school.core, school.unit, number="MS00006")
    chat.says("MS00006")
    chat.sees("查無資料")


@pytest.mark.parametrize("number", ["EDGE2", "A-1B", "7X"])
def test_a_number_of_an_odd_form_is_reached_where_it_is_typed_whole(
    chat: Chat, school: School, other_school: School, number: str
) -> None:
    other_school.dispatch("EDGE3", date(2026, 3, 1))
    school.dispatch(number, date(2026, 3, 1))
    chat.says(number.lower())
    chat.sees(f"案件 {number}")
    for word in ("查案件", number):
        chat.says(word)
    chat.sees(f"案件 {number}")
    for other in ("EDGE3", "EDGE4"):
        chat.says(other)
        chat.sees_no("案件 EDGE")
