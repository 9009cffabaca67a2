"""A name with a wish, or alone: done where one case is meant, asked back where more are, and never another's."""

from __future__ import annotations

from datetime import date

import pytest
from sqlalchemy import select

from core.access import system
from core.audit import AuditRow, Door
from core.context import Core
from handlers.chat.whose import LONGEST, bare_name, named_wish
from tests.handlers.chat.conftest import School
from tests.handlers.chat.transcript import Chat

DISPATCHED = date(2026, 3, 1)
NOT_FOUND = "查無資料，或不在您的權限範圍內"


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("王小明", "王小明"),
        ("王小明？", "王小明"),
        ("林 明", "林明"),
        ("歐陽小春", "歐陽小春"),
        ("小明", "小明"),
        ("王同學", "王"),
        ("周小宇呢", "周小宇"),
        ("王", "王"),
    ],
)
def test_a_text_that_is_all_name(text: str, name: str) -> None:
    found = bare_name(text)
    assert found is not None
    assert found.text == name


@pytest.mark.parametrize(
    "text",
    [
        "高關懷",
        "連假",
        "紀錄",
        "待辦",
        "黃燈",
        "王小明的期限",
        "馬上",
        "何時",
        "我",
        "李老師",
        "林主任",
        "周五",
        "客服",
        "asdf",
        "",
        "可以結案嗎",
    ],
)
def test_what_is_no_name(text: str) -> None:
    assert bare_name(text) is None


@pytest.mark.parametrize(
    ("text", "name", "rest"),
    [
        ("王小明可以結案了嗎", "王小明", "可以結案了嗎"),
        ("林明可以結案嗎", "林明", "可以結案嗎"),
        ("王小明那件可以結案了嗎 急", "王小明", "可以結案了嗎急"),
        ("林雅婷什麼時候要回", "林雅婷", "什麼時候要回"),
        ("查王小明 順便看他能不能結案", "王小明", "順便看他能不能結案"),
        ("王同學可以結案嗎", "王", "可以結案嗎"),
        ("清溪國小 林雅婷那件", "林雅婷", ""),
        ("小明可以結案嗎", "小明", "可以結案嗎"),
        ("陳小樂還缺哪些紀錄", "陳小樂", "還缺哪些紀錄"),
    ],
)
def test_who_is_named_and_what_is_wished(text: str, name: str, rest: str) -> None:
    found = named_wish(text)
    assert found is not None
    assert (found.names[0], found.rest) == (name, rest)


@pytest.mark.parametrize(
    "text",
    [
        "紀錄還缺哪些",
        "黃燈可以結案嗎",
        "何時可以結案",
        "李老師可以結案嗎",
        "陳同學轉學了怎麼辦",
        "高風險怎麼算的",
        "連假怎麼算",
        "馬上可以結案嗎",
        "方便查案件嗎",
        "許多案子什麼時候要回",
        "小孩可以結案嗎",
        "阿姨什麼時候到期",
    ],
)
def test_a_sentence_that_names_nobody_or_asks_something_else(text: str) -> None:
    assert named_wish(text) is None


def test_only_so_long_a_sentence_is_looked_through() -> None:
    asked = "王小明可以結案了嗎" + "啊" * (LONGEST - 9)
    assert named_wish(asked) is not None
    assert named_wish(asked + "啊") is None


def test_the_wish_is_done_where_one_case_is_meant(chat: Chat, school: School) -> None:
    school.dispatch("WK00017", DISPATCHED, child_name="王小明")
    school.dispatch("WK00018", DISPATCHED, child_name="林雅婷")
    for text in ("林雅婷什麼時候要回", "林雅婷", "雅婷", "林同學", "林雅婷 到期"):
        chat.says(text)
        chat.sees("案件 WK00018", "林○婷", "115/03/11")
        chat.sees_no("WK00017", "林雅婷")
    chat.says("王小明的期限怎麼算的")
    chat.sees("WK00017", "第 10 天")


def test_where_more_may_be_meant_it_is_asked_back_with_the_wish(chat: Chat, school: School) -> None:
    school.dispatch("WK00017", DISPATCHED, child_name="王小明")
    school.dispatch("WK00018", DISPATCHED, child_name="王美麗")
    chat.says("王同學的期限怎麼算的")
    chat.sees("是哪一件", "WK00017 王○明", "WK00018 王○麗")
    chat.presses("WK00018")
    chat.sees("WK00018", "第 10 天")


def test_a_name_that_is_anothers_is_answered_as_one_that_is_not(
    chat: Chat, school: School, other_school: School
) -> None:
    school.dispatch("WK00017", DISPATCHED, child_name="王小明")
    other_school.dispatch("WK00018", DISPATCHED, child_name="李小美")
    told = set()
    for text in ("李小美", "張大同", "李小美可以結案嗎", "張大同可以結案嗎"):
        chat.says(text)
        chat.sees(NOT_FOUND)
        chat.sees_no("WK0001")
        told.add(chat.shown)
    assert len(told) == 1


def test_nobody_is_taken_for_somebody_whose_name_begins_alike(chat: Chat, school: School) -> None:
    school.dispatch("WK00017", DISPATCHED, child_name="王小安")
    for text in ("王小明", "王小明可以結案嗎"):
        chat.says(text)
        chat.sees(NOT_FOUND)


def test_a_word_that_may_be_a_name_and_is_nobodys_is_not_understood(chat: Chat, other_school: School) -> None:
    other_school.dispatch("WK00018", DISPATCHED, child_name="李小美")
    for text in ("小美", "咖啡"):
        chat.says(text)
        chat.sees_no(NOT_FOUND, "WK00018")


def test_somebody_unbound_is_told_to_bind(stranger: Chat, school: School) -> None:
    school.dispatch("WK00017", DISPATCHED, child_name="王小明")
    for text in ("王小明", "王小明可以結案嗎"):
        stranger.says(text)
        stranger.sees("請先綁定帳號")


def test_a_bare_name_is_audited_like_any_look_up(core_sqlite: Core, chat: Chat, school: School) -> None:
    school.dispatch("WK00017", DISPATCHED, child_name="王小明")
    chat.says("王小明")
    with core_sqlite.reading(system("test"), Door.JOB) as ctx:
        did = list(ctx.session.scalars(select(AuditRow.act)))
    assert "find_families" in did


def test_who_is_asked_for_a_number_may_type_the_name(chat: Chat, school: School) -> None:
    school.dispatch("WK00017", DISPATCHED, child_name="王小明")
    chat.says("案件")
    chat.says("王小明")
    chat.sees("案件 WK00017")
    assert not chat.dialog.name
