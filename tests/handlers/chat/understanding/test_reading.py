"""Sentences: scripts and slips, numbers and dates, several things at once, guesses; and never an action."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from time import process_time

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import event

from core.context import Core
from handlers.chat.features import ROUTER
from handlers.chat.turn import Dialog
from handlers.chat.understanding import Intent, Kind, understand
from handlers.chat.understanding.folding import fold, sounds
from handlers.chat.understanding.folding_english import fold_english, is_english
from handlers.chat.understanding.intents import NUMBERED
from handlers.chat.understanding.lexicon import CONCEPTS, DATE, DAY, FILLER, NUMBER, english_terms, terms
from handlers.chat.understanding.matching import candidates, case_numbers, day_in, nearest
from handlers.chat.understanding.meaning import TITLES, meaning
from handlers.chat.understanding.meanings import RULES
from handlers.chat.words import normal
from tests.handlers.chat.conftest import School
from tests.handlers.chat.transcript import Chat

WRITES = re.compile(r"\s*(?:INSERT INTO|UPDATE|DELETE FROM)\s+(\w+)", re.IGNORECASE)
SOME_TERMS = st.sampled_from(sorted({term for term, _ in terms()}))
TEXTS = st.text(max_size=250) | st.lists(SOME_TERMS | st.text(max_size=5), max_size=60).map("".join)


@contextmanager
def written(core: Core) -> Iterator[set[str]]:
    """Collect the tables that are written to meanwhile."""
    tables: set[str] = set()

    def note(_: object, __: object, statement: str, *___: object) -> None:
        if found := WRITES.match(statement):
            tables.add(found[1])

    event.listen(core.store.engine, "before_cursor_execute", note)
    try:
        yield tables
    finally:
        event.remove(core.store.engine, "before_cursor_execute", note)


@pytest.mark.parametrize(
    ("typed", "folded"),
    [
        ("ＷＫ０００１７ 好了沒？", "WK00017好了沒"),
        ("验证码没收到", "驗證碼沒收到"),
        ("賬號", "帳號"),
        ("驗証碼", "驗證碼"),
        ("工作記錄", "工作紀錄"),
        ("登錄", "登入"),
        ("回復", "回覆"),
        ("這裏", "這裡"),
        ("ㄉㄞˋㄅㄢˋ", "待辦"),
        ("好了ㄇ", "好了嗎"),
        ("攏登袂入去", "都登不入去"),
        ("今仔日愛處理啥物", "今天要處理什麼"),
        ("會使結案沒", "可以結案沒"),
        ("會使用系統", "會使用系統"),
        ("可愛的孩子", "可愛的孩子"),
        ("毋免寫紀錄", "不用寫紀錄"),
        ("免寫評估單", "不用寫評估單"),
        ("避免寫錯", "避免寫錯"),
        ("怎ㄇ辦", "怎麼辦"),
        ("什ㄇ時候", "什麼時候"),
        ("伊這馬按怎樣", "伊現在怎樣"),
        ("24H內", "24小時內"),
        ("3HT", "3HT"),
        ("login不了", "登入不了"),
        ("我的to do list", "我的待辦"),
        ("case可以close嗎", "案件可以結案嗎"),
        ("寄到case@ntpc.gov.tw", "寄到CASE@NTPC.GOV.TW"),
        ("wk00017 check一下", "WK00017查一下"),
        ("close", "CLOSE"),
        ("ca\u017fe怎樣", "CASE怎樣"),
        ("Log\u0130n不了", "LOG\u0130N不了"),
        ("", ""),
    ],
)
def test_scripts_and_spellings_are_one(typed: str, folded: str) -> None:
    assert fold(typed) == folded


@pytest.mark.parametrize(("slip", "word"), [("驗正碼", "驗證碼"), ("待辨", "待辦"), ("休雪", "休學"), ("結按", "結案")])
def test_slips_sound_alike(slip: str, word: str) -> None:
    assert sounds(fold(slip)) == sounds(word)


def test_every_term_is_written_as_texts_are_folded() -> None:
    assert [term for term, _ in terms() if fold(term) != term] == []


def test_every_english_term_stands_for_a_concept_and_has_a_word() -> None:
    assert {concept for _, concept in english_terms()} <= set(CONCEPTS)
    assert [term for term, _ in english_terms() if not fold_english(term)] == []


@pytest.mark.parametrize(
    ("typed", "folded"),
    [
        ("I didn’t get my CODE!", " i did not get my cod "),
        ("closes closed closing close", " clos clos clos clos "),
        ("settings setting", " sett sett "),
        ("replies replied reply", " reply reply reply "),
        ("is wk00017 o.k.?", " is WK00017 o.k "),
        ("class is", " class is "),
        ("!!", ""),
    ],
)
def test_english_is_folded_to_whole_words_without_endings(typed: str, folded: str) -> None:
    assert fold_english(typed) == folded


@pytest.mark.parametrize(
    ("typed", "is_it"),
    [("hello", True), ("OTP沒來", False), ("WK00017", True), ("😀", False), ("a", False), ("ㄏㄏ ok", False)],
)
def test_what_is_read_as_english(typed: str, is_it: bool) -> None:
    assert is_english(typed) is is_it


def test_every_concept_is_used_and_every_rule_knows_its_concepts() -> None:
    used = {need for rule in RULES for need in rule.needs}
    assert used - {NUMBER, DATE, DAY} == set(CONCEPTS) - {FILLER}
    assert {rule.intent for rule in RULES} == set(Intent)


def test_a_term_within_a_longer_one_does_not_count() -> None:
    found = candidates(fold("不開案"))
    assert [each.intent for each in found] == [Intent.FAQ_NOT_OPENING]


@pytest.mark.parametrize(
    ("text", "numbers"),
    [
        ("WK00017好了沒", ("WK00017",)),
        ("WK00017跟WK00018,WK00017", ("WK00017", "WK00018")),
        ("A123456789", ()),
        ("AB1234@NTPC.GOV.TW", ()),
        ("WK01", ("WK01",)),
        ("WK17好了嗎", ("WK17",)),
        ("17號那件", ("17",)),
        ("17號的案子怎樣", ("17",)),
        ("17號以前要交", ()),
        ("7月17號那件", ()),
        ("10003", ("10003",)),
        ("8號", ("8",)),
        ("113", ()),
        ("12345678", ()),
        ("幫忙查10003", ("10003",)),
        ("帳號AB1234", ()),
        ("17那件", ("17",)),
        ("17那案", ("17",)),
        ("90097這個權限", ()),
        ("7月17那件", ()),
        ("A12345678", ("A12345678",)),
    ],
)
def test_case_numbers_in_a_sentence(text: str, numbers: tuple[str, ...]) -> None:
    assert case_numbers(text) == numbers


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("7/28派案", "7/28"),
        ("111/07/28派的", "111/07/28"),
        ("2022-07-28派", "2022-07-28"),
        ("114年3月5日派的", "114年3月5日"),
        ("7月28號", "7月28號"),
        ("13/28", ""),
        ("7/32", ""),
        ("1/2345", ""),
    ],
)
def test_days_in_a_sentence(text: str, day: str) -> None:
    assert day_in(text) == day


@pytest.mark.parametrize(
    ("text", "kind", "commands"),
    [
        ("那個案子什麼時候要回", Kind.CLEAR, ("待辦",)),
        ("WK00017 好了沒", Kind.CLEAR, ("案件 WK00017",)),
        ("WK00017能結案了沒", Kind.CLEAR, ("可以結案嗎 WK00017",)),
        ("WK00017 跟 WK00018 處理到哪", Kind.SEVERAL, ("案件 WK00017", "案件 WK00018")),
        ("7月28日派案什麼時候要回", Kind.CLEAR, ("回覆期限 7月28日",)),
        ("我換信箱了，還有權限快到期了", Kind.SEVERAL, ("改信箱", "展延")),
        ("學生休學了，還要寫工作紀錄嗎", Kind.CLEAR, ("休學",)),
        ("您好，請問驗證碼沒收到", Kind.CLEAR, ("驗證碼",)),
        ("你好", Kind.CLEAR, ("你好",)),
        ("綁訂", Kind.CLEAR, ("綁定",)),
        ("meun", Kind.UNCLEAR, ("選單",)),
        ("17號那個案子", Kind.CLEAR, ("案件 17",)),
        ("asdf", Kind.UNCLEAR, ()),
        ("……", Kind.UNCLEAR, ()),
        ("😀", Kind.UNCLEAR, ()),
        ("可以喝咖啡嗎", Kind.UNCLEAR, ()),
        ("When can we close WK00017?", Kind.CLEAR, ("可以結案嗎 WK00017",)),
        ("I didn't get my code. Also change my e-mail", Kind.SEVERAL, ("驗證碼", "改信箱")),
        ("I like pizza", Kind.UNCLEAR, ()),
        ("信箱要換 權限也要展延", Kind.SEVERAL, ("改信箱", "展延")),
        ("學生休學了 還要寫工作紀錄嗎", Kind.CLEAR, ("休學",)),
        ("這案何時能送結案單", Kind.EITHER, ("結案單怎麼寫", "可以結案嗎")),
        ("17那件現在是按怎", Kind.CLEAR, ("案件 17",)),
        ("龍鳳呈祥", Kind.UNCLEAR, ()),
        ("", Kind.UNCLEAR, ()),
    ],
)
def test_what_is_read(text: str, kind: Kind, commands: tuple[str, ...]) -> None:
    found = understand(text, TITLES)
    assert (found.kind, found.commands) == (kind, commands)


def test_a_long_story_with_one_word_in_it_is_for_a_person() -> None:
    story = "昨天跟媽媽談了很久，她說最近工作很忙，家裡的事都是外婆在顧，小朋友看起來精神不錯，" * 2
    assert understand(f"{story}提到畢業旅行想參加，我再跟導師討論看看要怎麼安排比較好", TITLES).kind is Kind.UNCLEAR


def test_guesses_are_few_and_different() -> None:
    found = understand("提醒一下喔這個", TITLES)
    assert len(found.commands) == len(set(found.commands)) <= 3


def test_every_intent_leads_to_a_word_that_is_known() -> None:
    assert [intent for intent in Intent if normal(intent.word) not in ROUTER.words] == []
    assert [intent for intent in NUMBERED if not meaning(f"{intent.word} WK00017").how.startswith("pattern")] == []


def test_what_is_said_in_part_is_asked_about_and_only_that() -> None:
    assert nearest(fold("超過期限"))[0] is Intent.DUTIES
    assert nearest(fold("哪位")) == nearest(fold("龍鳳呈祥")) == ()


def test_as_much_for_one_as_for_another_is_asked_back_and_counts_as_understood(chat: Chat) -> None:
    for _ in range(3):
        chat.says("這案何時能送結案單")
        chat.sees("您是不是要：「結案單怎麼寫」、「可以結案嗎」？")
    assert chat.dialog.misunderstood == 0


@pytest.mark.parametrize("text", ["請問待辦", "待辦 謝謝你", "您好，待辦，麻煩了！", "待辦，拜託"])
def test_courtesy_around_a_word_does_not_count(chat: Chat, text: str) -> None:
    chat.says(text)
    chat.sees("待辦")
    assert meaning(text).name == Intent.DUTIES


@pytest.mark.parametrize("intent", Intent)
def test_no_intent_changes_anything_by_itself(core_sqlite: Core, chat: Chat, intent: Intent) -> None:
    numbered = f"{intent.word} WK00017" if intent in NUMBERED else intent.word
    for text in {intent.word, numbered}:
        chat.dialog = Dialog()
        with written(core_sqlite) as tables:
            chat.says(text)
        assert {table for table in tables if not table.startswith("audit")} == set()


def test_a_sentence_that_asks_for_a_change_only_begins_it(chat: Chat) -> None:
    chat.says("幫我解除帳號連結")
    chat.sees("確定")
    chat.says("取消")
    chat.says("驗證碼想改用line收")
    chat.sees("驗證碼送到", "信箱")


def test_a_case_is_shown_to_who_asks_in_a_sentence(school: School, chat: Chat) -> None:
    school.dispatch("WK00017", date(2026, 3, 1))
    chat.says("請問 wk00017 現在怎樣了")
    chat.sees("WK00017", "03/11")
    chat.says("WK00099 好了沒")
    chat.sees("找不到")


def test_several_things_are_asked_about_and_each_leads_there(chat: Chat) -> None:
    chat.says("看一下待辦，順便權限也要展延")
    chat.sees("先做哪一件", "「待辦」", "「展延」")
    chat.presses("展延")
    chat.sees("使用期限")


def test_what_is_understood_ends_the_count_of_what_was_not(chat: Chat) -> None:
    chat.says("龍鳳呈祥")
    chat.says("那個案子什麼時候要回")
    chat.sees("待辦")
    assert chat.dialog.misunderstood == 0


def test_a_conversation_with_the_helpdesk_comes_before_the_recogniser(chat: Chat) -> None:
    chat.says("客服")
    chat.says("6")
    chat.says("畫面打不開")
    chat.says("我換信箱了")
    assert chat.answer is None or "信箱" not in chat.shown


def test_somebody_unbound_is_told_how_to_bind(stranger: Chat) -> None:
    stranger.says("我還有哪些案子還沒處理")
    stranger.sees("綁定")
    stranger.says("學生休學了還要追蹤嗎")
    stranger.sees("REPLY-12")


@given(text=TEXTS)
def test_any_text_is_read_within_a_second(text: str) -> None:
    began = process_time()
    found = understand(text, TITLES)
    assert process_time() - began < 1
    assert len(found.commands) <= 8
    assert found.kind is Kind.UNCLEAR or found.commands


@settings(max_examples=80, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(text=TEXTS)
def test_any_sentence_is_answered_within_a_second(chat: Chat, text: str) -> None:
    chat.dialog = Dialog()
    began = process_time()
    chat.says(text)
    assert process_time() - began < 1
    assert chat.answer is not None
    assert chat.answer.choices
