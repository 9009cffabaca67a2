"""What is said in passing: a slip, an answer that was missed, who made this. No guess, and never 你好 as a guess."""

from __future__ import annotations

from datetime import date

import pytest

from tests.handlers.chat.conftest import School
from tests.handlers.chat.transcript import Chat


@pytest.mark.parametrize("text", ["我打錯字了剛剛那個不算", "抱歉傳錯了", "按錯了", "不好意思打錯了，請忽略"])
def test_a_slip_does_no_harm(chat: Chat, text: str) -> None:
    chat.says(text)
    chat.sees("沒關係")


@pytest.mark.parametrize(
    "text", ["你剛剛說的那個我看不懂，可以再講一次嗎", "sorry 剛剛斷線，你回什麼", "再說一次", "看不懂", "你說什麼"]
)
def test_what_was_missed_stands_above_and_the_case_is_shown_again(chat: Chat, school: School, text: str) -> None:
    school.dispatch("WK00017", date(2026, 3, 1))
    chat.says("WK00017")
    chat.says(text)
    chat.sees("往上滑")
    chat.presses("看案件")
    chat.sees("案件 WK00017")


@pytest.mark.parametrize("text", ["這個bot是誰做的", "你們是哪家公司開發的", "小幫手是誰設計的"])
def test_who_made_this_is_told_what_it_is(chat: Chat, text: str) -> None:
    chat.says(text)
    chat.sees("由程式自動回覆")


@pytest.mark.parametrize(
    "text", ["您好，那天去的那一家後來搬走我不曉得該寫給誰看", "謝謝你那天提到的那張表單位主管想再看"]
)
def test_a_greeting_is_never_what_is_guessed(chat: Chat, text: str) -> None:
    chat.says(text)
    chat.sees_no("「你好」", "「謝謝」")
