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


@pytest.mark.parametrize(
    "text", ["這是什麼", "請問這是什麼？", "這個是幹嘛的", "這是什麼帳號啊", "What is this?", "what's this"]
)
def test_who_asks_what_this_is_gets_it_told(chat: Chat, stranger: Chat, text: str) -> None:
    stranger.says(text)
    stranger.sees("您好，我是社政小幫手", "「綁定」")
    chat.says(text)
    chat.sees("我是社政小幫手")


@pytest.mark.parametrize("text", ["這是什麼規定", "這個案子什麼時候到期"])
def test_a_question_about_something_is_not_one_about_the_bot(chat: Chat, text: str) -> None:
    chat.says(text)
    chat.sees_no("我是社政小幫手")


def test_a_yes_to_no_question_leads_to_where_it_is_asked_anew(chat: Chat, stranger: Chat) -> None:
    chat.says("確定")
    chat.sees("目前沒有等您確定的步驟", "沒有變更任何資料")
    chat.presses("解除綁定")
    chat.says("確定")
    chat.sees("已解除綁定")
    stranger.says("確定")
    stranger.sees("目前沒有等您確定的步驟")
    stranger.sees_no("展延")


def test_a_yes_while_a_person_answers_is_for_the_person(chat: Chat) -> None:
    for text in ("報修", "畫面打不開", "確定"):
        chat.says(text)
    assert chat.answer is None


@pytest.mark.parametrize(("kind", "word"), [("sticker", "貼圖"), ("image", "圖片")])
def test_who_sends_no_text_is_led_to_what_is_theirs(chat: Chat, stranger: Chat, kind: str, word: str) -> None:
    chat.sends(kind)
    chat.sees(f"收到您的{word}了", "請輸入「待辦」或「選單」")
    stranger.sends(kind)
    stranger.sees(f"收到您的{word}了", "請輸入「綁定」或「選單」")
    stranger.sees_no("待辦")


@pytest.mark.parametrize(
    "text",
    ["好了好了我知道了謝謝不用了", "ok 那先放著", "ㄏㄏ", "哈哈哈好的", "嗯嗯我知道", "收到收到👌"],
)
def test_who_has_enough_gets_a_short_answer_and_no_list(chat: Chat, text: str) -> None:
    chat.says(text)
    chat.sees("好的。有需要時再輸入")
    chat.sees_no("您是不是要", "件待辦")


def test_a_flood_of_assents_that_end_otherwise_costs_nothing(chat: Chat) -> None:
    chat.says("我知道好OK謝謝嗯哈哈" * 20 + "王")
    chat.sees_no("好的。有需要時再輸入")


def test_a_wish_behind_an_assent_is_answered(chat: Chat) -> None:
    chat.says("喔那個我知道了 待辦")
    chat.sees("目前沒有待辦")


@pytest.mark.parametrize("text", ["在嗎在嗎", "有在嗎"])
def test_who_asks_whether_anybody_is_here_is_greeted(chat: Chat, text: str) -> None:
    chat.says(text)
    chat.sees("您好")
