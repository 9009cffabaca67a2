"""People named anywhere in a sentence: their cases are meant, one after another, and nothing that was typed is lost."""

from __future__ import annotations

from datetime import date

import pytest

from core.access import system
from core.audit import Door
from core.dispatches.families import assign_families
from core.dispatches.models import Case
from handlers.chat.mentioned import LONGEST
from tests.builders import a_case
from tests.handlers.chat.conftest import School
from tests.handlers.chat.transcript import Chat
from tests.services import a_service

DISPATCHED = date(2026, 3, 1)


def serves(school: School, number: str, child: str) -> None:
    """Let the school have the case of a child open."""
    case = a_case(school.core, number=number, child=child)
    with school.core.transaction(system("test"), Door.COMMAND) as ctx:
        assign_families(ctx, [ctx.session.get_one(Case, case.id)], {})
    a_service(school.core, school.unit, case, DISPATCHED)


@pytest.fixture
def children(school: School, other_school: School) -> Chat:
    """The chat of who has two children's cases, while another school has one of the same name."""
    school.dispatch("WK00017", DISPATCHED, child_name="王小明")
    school.dispatch("WK00018", DISPATCHED, child_name="陳家豪")
    other_school.dispatch("WK00019", DISPATCHED, child_name="許家豪")
    return school.chat()


@pytest.mark.parametrize(
    "text",
    [
        "家豪那件期限",
        "家豪那件什麼時候到期",
        "請問一下家豪同學的狀況",
        "家豪case status?",
        "陈家豪的案子到哪了",
        "案件 家豪",
        "個案：陳家豪",
        "check家豪",
    ],
)
def test_a_given_name_alone_is_enough_for_ones_own_case(children: Chat, text: str) -> None:
    children.says(text)
    children.sees("案件 WK00018", "陳○豪")
    children.sees_no("WK00017", "WK00019")


def test_a_name_in_the_middle_is_asked_about_as_at_the_beginning(children: Chat) -> None:
    children.says("這樣可以結小明的案了嗎")
    children.sees("WK00017")
    children.sees_no("WK00018", "是哪一件")


def test_somebody_else_s_child_of_the_same_given_name_is_not_taken_for_ones_own(children: Chat) -> None:
    children.says("許家豪那件期限")
    children.sees("查無資料")
    children.sees_no("WK0001")


def test_of_several_of_one_name_it_is_asked_which_and_what_was_typed_goes_on(children: Chat, school: School) -> None:
    school.dispatch("WK00020", DISPATCHED, child_name="林家豪")
    children.says("可以結家豪的案了嗎")
    children.sees("是哪一件", "WK00018 陳○豪", "WK00020 林○豪")
    assert {"WK00020 可以結的案了嗎", "WK00018 可以結的案了嗎"} <= set(children.offered)


def test_the_records_of_two_are_shown_one_after_the_other(chat: Chat, school: School) -> None:
    for number, child in (("WK00017", "王小明"), ("WK00018", "陳家豪")):
        serves(school, number, child)
    for text in ("補小明跟家豪的紀錄", "家豪、小明的工作紀錄我一起補"):
        chat.says(text)
        chat.sees("WK00017\n", "WK00018\n", "王○明", "陳○豪")


def test_the_records_of_more_than_two_are_chosen_from_and_none_is_dropped(chat: Chat, school: School) -> None:
    for number, child in (("WK00017", "王小明"), ("WK00018", "陳家豪"), ("WK00019", "林小華")):
        serves(school, number, child)
    chat.says("補小明、家豪跟小華的紀錄")
    chat.sees("先做哪一件", "工作紀錄 WK00017", "工作紀錄 WK00018", "工作紀錄 WK00019")
    chat.says("工作紀錄 WK00018")
    chat.sees("陳○豪")
    chat.sees_no("王○明")


def test_only_so_long_a_sentence_is_looked_through(children: Chat) -> None:
    asked = "家豪那件期限" + "啊" * (LONGEST - 6)
    children.says(asked)
    children.sees("WK00018")
    children.says(asked + "啊")
    children.sees_no("WK00018")


def test_what_is_first_is_done_first_and_what_comes_then_is_one_tap_away(children: Chat) -> None:
    children.says("先看家豪的期限，再幫我轉客服")
    children.sees("案件 WK00018", "接下來還有「客服」")
    assert children.answer is not None
    assert [each.label for each in children.answer.choices][:1] == ["客服"]


def test_what_only_shows_is_shown_at_once_in_the_order_it_was_said(children: Chat) -> None:
    children.says("先告訴我家豪的期限 然後再看看小明的")
    shown = children.shown
    assert shown.index("WK00018") < shown.index("WK00017")


def test_without_a_clear_second_wish_nothing_is_put_in_order(children: Chat) -> None:
    children.says("先看待辦再說")
    children.sees_no("接下來還有")


@pytest.mark.parametrize(
    ("text", "seen"),
    [
        ("17的", "案件 WK00017"),
        ("18 期限", "案件 WK00018"),
        ("wk17的紀錄還缺幾次", "工作紀錄"),
        ("結案 17", "WK00017"),
        ("小明 家豪 期限", "案件 WK00018"),
    ],
)
def test_half_a_sentence_names_ones_own_case_by_the_end_of_its_number(children: Chat, text: str, seen: str) -> None:
    children.says(text)
    children.sees(seen)
    children.sees_no("WK00019", "查無資料")


@pytest.mark.parametrize("text", ["17件", "17 天", "第17", "3/17", "12:17", "我們班上一共有 17 的學生要補助要怎麼申請"])
def test_a_number_that_counts_something_is_no_case(children: Chat, text: str) -> None:
    children.says(text)
    children.sees_no("案件 WK00017")


def test_a_number_of_nobodys_case_stays_as_it_is(children: Chat) -> None:
    children.says("19的")
    children.sees_no("WK00019")
