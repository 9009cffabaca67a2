"""Half a sentence behind an answer is about what the answer showed; without an answer it is about nothing."""

from __future__ import annotations

import pytest

from handlers.chat.following import Chosen, Reworded, WhichOne, follow
from handlers.chat.half import LONGEST, half
from handlers.chat.seen import CLOSING, WORKDAYS, Item, Seen, Way
from tests.handlers.chat.conftest import School
from tests.handlers.chat.test_cases import DISPATCHED
from tests.handlers.chat.transcript import Chat

ABOUT = Seen(about="WK00018", is_about=True)
LISTED = Seen(
    items=tuple(
        Item(number=number, ways=(Way(label="看案件", does=f"1|case|{number}"),), days=days)
        for number, days in (("WK00017", ("115/02/25", "115/03/07")), ("WK00018", ("115/02/27", "115/03/09")))
    ),
    is_fresh=True,
)


@pytest.mark.parametrize(
    ("text", "full"),
    [
        ("什麼時候到期", "還要做什麼 WK00018"),
        ("那期限是哪天", "還要做什麼 WK00018"),
        ("還有幾小時", "還要做什麼 WK00018"),
        ("還剩幾天啊", "還要做什麼 WK00018"),
        ("最晚哪一天", "還要做什麼 WK00018"),
        ("幾天內要改好", "還要做什麼 WK00018"),
        ("明天前要回對嗎", "還要做什麼 WK00018"),
        ("這張什麼時候要改好", "還要做什麼 WK00018"),
        ("過了嗎", "還要做什麼 WK00018"),
        ("要在哪裡改", "退件原因 WK00018"),
        ("為什麼是黃燈", "燈號 WK00018"),
        ("今天來得及嗎", "還要做什麼 WK00018"),
        ("缺哪些", "還要做什麼 WK00018"),
        ("為什麼", "怎麼算的 WK00018"),
        ("怎麼會逾期", "怎麼算的 WK00018"),
        ("為什麼被退", "退件原因 WK00018"),
        ("哪裡要改啊", "退件原因 WK00018"),
        ("然後呢", "案件 WK00018"),
        ("誰負責", "案件 WK00018"),
        ("派來幾天了", "案件 WK00018"),
        ("給我看", "案件 WK00018"),
        ("他的紀錄寫到哪", "工作紀錄 WK00018"),
    ],
)
def test_of_the_case_that_was_shown(text: str, full: str) -> None:
    assert follow(text, ABOUT) == Reworded(full)
    assert follow(text, Seen()) is None
    assert follow(text, Seen(about="WK00018")) is None  # something else was answered since


@pytest.mark.parametrize("text", ["那要等到什麼時候", "那最快呢", "為什麼不行", "還差什麼"])
def test_behind_the_question_of_closing_it_goes_on_about_that(text: str) -> None:
    assert follow(text, ABOUT.model_copy(update={"wish": CLOSING})) == Reworded("可以結案嗎 WK00018")


@pytest.mark.parametrize(("text", "place"), [("最上面那個", 0), ("最下面那件", 1)])
def test_the_ends_of_a_list_are_meant(text: str, place: int) -> None:
    assert follow(text, LISTED) == Chosen(place, f"1|case|{LISTED.items[place].number}")


def test_a_day_of_the_list_is_asked_for() -> None:
    assert follow("哪幾件是今天", LISTED) == Reworded("待辦 今天")
    assert follow("明天到期的", LISTED.model_copy(update={"wish": WORKDAYS})) == Reworded("待辦 明天")


@pytest.mark.parametrize("text", ["兩件都幾號到期", "還有多久", "全部都是幾號的", "哪件比較急"])
def test_of_a_list_the_deadline_of_each_is_told(text: str) -> None:
    assert follow(text, LISTED) == Reworded("還要做什麼 WK00017、WK00018")


@pytest.mark.parametrize("text", ["這個呢", "打開看看", "給我看"])
def test_of_several_it_is_asked_which(text: str) -> None:
    asked = follow(text, LISTED)
    assert isinstance(asked, WhichOne)
    assert [way.label for way in asked.ways] == ["WK00017", "WK00018"]
    alone = LISTED.model_copy(update={"items": LISTED.items[:1]})
    assert follow(text, alone) == Chosen(0, "1|case|WK00017")


def test_what_is_asked_goes_with_the_choice() -> None:
    asked = follow("誰負責", LISTED)
    assert isinstance(asked, WhichOne)
    assert [way.does for way in asked.ways] == ["案件 WK00017", "案件 WK00018"]


@pytest.mark.parametrize(
    ("text", "place"), [("2/25那件", 0), ("115/02/27 那筆", 1), ("3/9到期的那個", 1), ("3/7那件呢", 0)]
)
def test_an_item_is_meant_by_a_day_that_stands_on_it(text: str, place: int) -> None:
    assert follow(text, LISTED) == Chosen(place, f"1|case|{LISTED.items[place].number}")


def test_the_other_one_of_two() -> None:
    assert follow("另一件", LISTED.model_copy(update={"chosen": 0})) == Chosen(1, "1|case|WK00018")
    assert isinstance(follow("另外那件呢", LISTED), WhichOne)


def test_a_list_that_was_left_is_asked_nothing() -> None:
    assert half("還有多久", LISTED.model_copy(update={"is_fresh": False})) is None


@pytest.mark.parametrize(
    "text", ["為什麼" * LONGEST, "驗證碼什麼時候到期", "帳號還有多久", "我想問為什麼收不到驗證碼", "多久要寫一次"]
)
def test_what_says_what_it_is_about_is_no_half_sentence(text: str) -> None:
    assert half(text, ABOUT) is None


def test_a_conversation_goes_on_about_the_case(chat: Chat, school: School) -> None:
    school.dispatch("WK00017", DISPATCHED)
    school.dispatch("WK00018", DISPATCHED.replace(day=2), child_name="林雅婷")
    chat.says("案件 WK00018")
    chat.says("什麼時候到期")
    chat.sees("WK00018 派案回覆：期限 115/03/12")
    chat.sees_no("WK00017", "帳號與權限的期限")
    chat.says("好喔")
    chat.says("為什麼")
    chat.sees("編號 WK00018", "REPLY-1")
    chat.says("驗證碼")
    chat.says("什麼時候到期")
    chat.sees("帳號與權限的期限")


def test_why_without_a_case_is_about_the_most_pressing_one(chat: Chat, school: School) -> None:
    school.dispatch("WK00017", DISPATCHED)
    school.dispatch("WK00018", DISPATCHED.replace(day=2))
    chat.says("為什麼")
    chat.sees("編號 WK00017")


def test_a_case_of_another_unit_is_never_told_of(chat: Chat, other_school: School) -> None:
    other_school.dispatch("WK00017", DISPATCHED)
    for text in ("還要做什麼 WK00017", "退件原因 WK00017"):
        chat.says(text)
        chat.sees_no("115/03/11", "王○明", "海山")


def test_nothing_is_told_in_a_group(chat: Chat, school: School) -> None:
    school.dispatch("WK00017", DISPATCHED)
    chat.says("案件 WK00017")
    chat.in_group = True
    for text in ("什麼時候到期", "最急的", "退件原因", "逾期三天以上的", "2/25那件"):
        chat.says(text)
        chat.sees("群組")
        chat.sees_no("WK00017")
