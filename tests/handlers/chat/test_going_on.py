"""What goes on about the subject of the last answer is read with it; what has nothing to do with it is not bent."""

from __future__ import annotations

from datetime import date

import pytest

from handlers.chat.features import TITLES
from handlers.chat.going_on import LONGEST, going_on
from handlers.chat.understanding import Intent, understand
from tests.handlers.chat.conftest import School
from tests.handlers.chat.transcript import Chat


def on(topic: str, text: str) -> Intent | None:
    return going_on(text, topic, understand(text, TITLES))


@pytest.mark.parametrize(
    ("topic", "text", "meant"),
    [
        ("驗證碼多久有效", "那打錯呢", Intent.FAQ_CODE_RULES),
        ("準時率", "跟上個月比呢", Intent.IN_TIME),
        ("休學", "那要寫紀錄嗎", Intent.FAQ_LEAVE),
        ("檢核期限", "假日也算嗎", Intent.FAQ_CHECK_HOURS),
        ("回覆期限", "遇到假日呢", Intent.FAQ_REPLY_DAYS),
        ("展延", "要幾天才會好", Intent.REQUESTS),
    ],
)
def test_both_together_mean_something(topic: str, text: str, meant: Intent) -> None:
    assert on(topic, text) is meant


@pytest.mark.parametrize(
    ("topic", "text"),
    [
        ("", "那打錯呢"),
        ("驗證碼多久有效", "今天天氣真好"),
        ("驗證碼多久有效", "asdf"),
        ("休學", "工作紀錄怎麼寫"),
        ("檢核期限", "我要找真人"),
        ("驗證碼多久有效", "打錯" * LONGEST),
    ],
)
def test_what_stands_by_itself_or_says_nothing_of_it_is_left_alone(topic: str, text: str) -> None:
    assert on(topic, text) is None


def test_the_subject_is_that_of_the_last_answer(chat: Chat) -> None:
    chat.says("驗證碼多久有效")
    chat.says("那打錯呢")
    chat.sees("OTP-1", "作廢")
    chat.says("謝謝")
    chat.says("休學")
    chat.says("那要寫紀錄嗎")
    chat.sees("休學仍有學籍")


@pytest.mark.parametrize("text", ["那退件的呢", "退件那張", "退件的就好"])
def test_a_list_is_named_in_passing(chat: Chat, text: str) -> None:
    chat.says("待辦")
    chat.says(text)
    chat.sees("「退件」")


def test_what_says_too_little_is_read_with_the_case(chat: Chat, school: School) -> None:
    school.dispatch("WK00017", date(2026, 3, 1))
    chat.says("離期限還多久")
    chat.sees("不太確定您的意思")
    chat.says("WK00017")
    chat.says("離期限還多久")
    chat.sees("案件 WK00017", "115/03/11")
    chat.says("今天天氣不錯")
    chat.sees("不太確定您的意思")


def test_danger_comes_before_what_was_spoken_of(chat: Chat) -> None:
    chat.says("休學")
    chat.says("那他被打呢")
    chat.sees("110", "113")
