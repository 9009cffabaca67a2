"""A person or a unit named within a sentence: found where it is theirs, else answered as what is not there."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from core.accounts.models import Unit
from core.context import Core
from handlers.chat.named import LONGEST, asked_unit, named_person, short_unit
from handlers.chat.words import normal
from tests.builders import a_dispatch, a_unit
from tests.duties import a_duty
from tests.handlers.chat.conftest import School
from tests.handlers.chat.transcript import Chat

DISPATCHED = date(2026, 3, 1)
DUE = datetime(2026, 3, 11, 15, tzinfo=UTC)
NOT_FOUND = "查無資料，或不在您的權限範圍內"
NO_UNIT = "查無這個單位，或不在您的權限範圍內"


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("王小明那個案子現在怎樣", "王小明"),
        ("請問陳小美的案子處理到哪裡了？", "陳小美"),
        ("幫我看一下林同學", "林"),
        ("查 陳同學的案子", "陳"),
        ("陳小美同學的狀況", "陳小美"),
        ("林明那個案子", "林明"),
        ("歐陽小春那個孩子後來怎樣", "歐陽小春"),
        ("王○明 的進度", "王"),
        ("案件 王小明", "王小明"),
        ("張大同後來有結果嗎", "張大同"),
    ],
)
def test_whom_a_sentence_is_about(text: str, name: str) -> None:
    found = named_person(normal(text))
    assert found is not None
    assert found.text == name


@pytest.mark.parametrize(
    "text",
    [
        "王小明", "高風險那個案子", "任何案子", "許多案子", "黃燈那個案子", "馬上查", "方便看一下嗎", "何時那件",
        "周一那件怎樣",
        "李老師的案子", "林媽媽那個案子", "王小明那件可以結案了嗎", "陳同學轉學了怎麼辦", "那個案子怎樣",
        "小明的案子", "",
    ],
)  # fmt: skip
def test_a_sentence_about_nobody_or_about_more(text: str) -> None:
    assert named_person(normal(text)) is None


@pytest.mark.parametrize(
    ("text", "unit"),
    [
        ("查 永平國小", "永平國小"),
        ("永平國小還有哪些沒回？", "永平國小"),
        ("請問安和國中現在欠幾件", "安和國中"),
        ("看一下永和社福中心的案子", "永和社福中心"),
        ("查教育局", "教育局"),
        ("那永平國小呢", "永平國小"),
    ],
)
def test_which_unit_a_sentence_is_about(text: str, unit: str) -> None:
    assert asked_unit(normal(text)) == unit


@pytest.mark.parametrize(
    "text",
    [
        "國小", "他轉到永平國小了", "教育局窗口電話", "別的國小還有哪些", "我們國小有幾件", "永平國小要怎麼申請帳號",
        "查 陳國中", "李大學的案子",
    ],
)  # fmt: skip
def test_a_unit_that_is_only_mentioned(text: str) -> None:
    assert asked_unit(normal(text)) is None


def test_longer_sentences_are_not_looked_through() -> None:
    asked = "查永平國小" + "的" * (LONGEST - 5)
    assert asked_unit(asked) == "永平國小"
    assert asked_unit(asked + "的") is None
    person = "王小明" + "的" * (LONGEST - 4) + "案"
    assert named_person(person) is not None
    assert named_person(person + "了") is None


def test_a_unit_as_it_is_spoken() -> None:
    assert short_unit("永平國民小學") == short_unit("永平國小") == "永平國小"


def test_a_name_within_a_sentence_shows_ones_own_case_masked(chat: Chat, school: School) -> None:
    school.dispatch("WK00017", DISPATCHED, child_name="王小明")
    for text in ("王小明那個案子現在怎樣", "請幫我看一下王同學，謝謝"):
        chat.says(text)
        chat.sees("案件 WK00017", "王○明", "服務歷程")
        chat.sees_no("王小明")


def test_somebody_called_like_the_end_of_a_school_is_found(chat: Chat, school: School) -> None:
    school.dispatch("WK00019", DISPATCHED, child_name="陳國中")
    chat.says("查 陳國中")
    chat.sees("陳○中的家庭", "WK00019")


def test_a_name_that_is_anothers_is_answered_as_one_that_is_not(chat: Chat, other_school: School) -> None:
    other_school.dispatch("WK00018", DISPATCHED, child_name="李小美")
    told = []
    for text in ("李小美那個案子現在怎樣", "張大同那個案子現在怎樣"):
        chat.says(text)
        chat.sees(NOT_FOUND)
        told.append(chat.shown)
    assert told[0] == told[1]


def test_who_stands_over_a_unit_gets_what_it_owes(core_sqlite: Core, bureau: Unit, supervisor: Chat) -> None:
    below = a_unit(core_sqlite, "清溪國民小學", parent=bureau)
    a_duty(core_sqlite, a_dispatch(core_sqlite, below, number="WK00021"), due_at=DUE)
    for text in ("查 清溪國小", "請問清溪國民小學還有哪些沒回"):
        supervisor.says(text)
        supervisor.sees("清溪國民小學", "WK00021")


def test_a_unit_of_others_and_none_at_all_are_answered_alike(core_sqlite: Core, supervisor: Chat, chat: Chat) -> None:
    a_duty(core_sqlite, a_dispatch(core_sqlite, a_unit(core_sqlite, "三和國民小學"), number="WK00022"), due_at=DUE)
    told = set()
    for asker in (supervisor, chat):
        for text in ("查 三和國小", "查 無名國小"):
            asker.says(text)
            asker.sees(NO_UNIT)
            asker.sees_no("WK00022")
            told.add((id(asker), asker.shown))
    assert len(told) == 2


def test_ones_own_unit_is_ones_own_duties(chat: Chat, school: School) -> None:
    school.dispatch("WK00017", DISPATCHED)
    chat.says("永平國小還有哪些沒回")
    chat.sees("WK00017", "待辦")
