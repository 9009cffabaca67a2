"""查 NAME, 查 ID: the family, masked, and its history; never another unit's, and no name in the audit."""

from __future__ import annotations

from datetime import date

import pytest
from sqlalchemy import select

from core.audit import AuditRow
from core.context import Core
from tests.handlers.chat.conftest import School
from tests.handlers.chat.transcript import Chat

DISPATCHED = date(2026, 3, 1)


@pytest.mark.parametrize("text", ["查 王小明", "查王小明", "查詢：王小明"])
def test_a_family_by_a_name_masked(chat: Chat, school: School, text: str) -> None:
    school.dispatch("WK00017", DISPATCHED, child_name="王小明")
    chat.says(text)
    chat.sees("王○明的家庭", "WK00017")
    chat.sees_no("王小明")


def test_its_service_history(chat: Chat, school: School) -> None:
    school.dispatch("WK00017", DISPATCHED, child_name="王小明")
    chat.says("查 王小明")
    chat.presses("服務歷程")
    chat.sees("王○明的服務歷程", "115/03/01", "派案", "永平國民小學")
    chat.sees_no("王小明")


def test_what_is_not_there_and_what_is_not_mine_are_answered_alike(
    chat: Chat, core_sqlite: Core, other_school: School
) -> None:
    other_school.dispatch("WK00018", DISPATCHED, child_name="李小美")
    for text in ("查 李小美", "查 張大同", "查 A199900018"):
        chat.says(text)
        chat.sees("查無資料，或不在您的權限範圍內")
    with core_sqlite.store.reading() as session:
        rows = session.scalars(select(AuditRow)).all()
    assert not [row for row in rows if "李" in row.subject or "A1999" in row.subject]


@pytest.mark.parametrize("text", ["查 王", "查王小", "查 小明", "查一下王小明"])
def test_a_part_of_a_name_finds_the_families_i_serve(
    chat: Chat, school: School, other_school: School, text: str
) -> None:
    school.dispatch("WK00017", DISPATCHED, child_name="王小明")
    school.dispatch("WK00019", DISPATCHED, child_name="李大同")
    other_school.dispatch("WK00018", DISPATCHED, child_name="王小明華")
    chat.says(text)
    chat.sees("王○明的家庭", "WK00017")
    chat.sees_no("WK00018", "WK00019", "王小明")


def test_one_sign_is_a_surname_and_several_people_of_it_are_listed(chat: Chat, school: School) -> None:
    school.dispatch("WK00017", DISPATCHED, child_name="王小明")
    school.dispatch("WK00018", DISPATCHED, child_name="王美麗")
    school.dispatch("WK00019", DISPATCHED, child_name="李小王")
    chat.says("查 王")
    chat.sees("找到 2 個家庭", "王○明", "王○麗")
    chat.sees_no("李○王")


def test_a_part_of_a_national_id_finds_nobody(chat: Chat, school: School) -> None:
    school.dispatch("WK00017", DISPATCHED, child_name="王小明")
    for text in ("查 A19990001", "查 00018", "A1999"):
        chat.says(text)
        chat.sees_no("王○明")


def test_ways_to_write_a_name_count_as_one_in_a_part_too(chat: Chat, school: School) -> None:
    school.dispatch("WK00017", DISPATCHED, child_name="臺小明")
    chat.says("查 台小")
    chat.sees("臺○明的家庭")
