"""English as it is typed: each word leads where its Chinese one does, and what is shown can be typed back."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

from core.language.catalogue import catalogue, entries
from core.language.models import Language
from core.language.service import typed_words
from handlers.chat.english import PHRASES, WORDS, in_chinese
from handlers.chat.features import ROUTER
from handlers.chat.finding import Found, find_text
from handlers.chat.turn import Dialog

ROOT = Path(__file__).parents[3]
QUOTED = re.compile("“([^”]*)”")
TO_TYPE = re.compile(r"[tT]yp(?:e|ing) ((?:(?: or |, | and )?“[^”]*”)+)")
ANSWERS = {"確定"}  # what a step of a dialog reads, and no word of its own
OWN = [(chinese, each) for chinese, typed in WORDS.items() for each in typed]


@pytest.mark.parametrize(("chinese", "english"), OWN, ids=[english for _, english in OWN])
def test_a_word_leads_where_its_chinese_one_does(chinese: str, english: str) -> None:
    if chinese not in ANSWERS:
        assert found(english) == found(chinese)
    assert in_chinese(english) == chinese


def test_each_command_has_an_english_word() -> None:
    titles = {word.title for word in ROUTER.words.values()}
    assert titles <= set(WORDS)


@pytest.mark.parametrize(
    ("typed", "chinese"),
    [
        ("case WK00017", "案件 WK00017"),
        ("Case:  #wk00017", "案件 wk00017"),
        ("When is WK00017 due?", "案件 WK00017"),
        ("status of case WK00017", "案件 WK00017"),
        ("withdraw request 12", "撤回申請 12"),
        ("can WK00017 be closed?", "可以結案嗎 WK00017"),
        ("reply deadline 2022/07/28", "回覆期限 2022/07/28"),
        ("Awaiting reply", "待回覆"),
        ("I didn’t get the code", "驗證碼"),
        ("change my EMAIL!", "改信箱"),
        ("case of a pupil", None),
        ("the weather is fine", None),
        ("待辦", None),
        ("case WK00017 待辦", None),
        ("duties " * 20, None),
        ("", None),
    ],
)
def test_english_is_put_into_chinese_where_it_is_known(typed: str, chinese: str | None) -> None:
    assert in_chinese(typed) == chinese


@pytest.mark.parametrize("chinese", PHRASES)
def test_a_phrase_leads_to_a_route(chinese: str) -> None:
    about = {"回覆期限 {0}": "111/07/28", "待辦 {0}": "115/06/19", "撤回申請 {0}": "12"}.get(chinese, "WK00017")
    for phrase in PHRASES[chinese]:
        assert found(phrase.replace("{0}", about)) == found(chinese.replace("{0}", about))


def found(text: str) -> str:
    finding = find_text(text, Dialog())
    assert isinstance(finding, Found), f"{text} leads nowhere"
    return finding.route.name


def test_a_steps_own_text_is_taken_as_it_was_typed() -> None:
    dialog = Dialog()
    dialog.go("help", "problem")
    finding = find_text("change e-mail", dialog)
    assert isinstance(finding, Found)
    assert finding.value == "change e-mail"


def test_a_step_takes_the_english_of_its_choices() -> None:
    dialog = Dialog()
    dialog.go("unbind", "confirm")
    finding = find_text("Confirm", dialog)
    assert isinstance(finding, Found)
    assert finding.value is True


def test_a_step_that_waits_for_a_code_sends_it_again_in_english_too() -> None:
    dialog = Dialog()
    dialog.go("extension", "code")
    assert find_text("Send again", dialog) == find_text("重新寄送", dialog)
    assert found("Send again") == found("重新寄送")


def offered() -> set[str]:
    """Return what the buttons of the code type for people."""
    calls = (
        node
        for top in ("core", "handlers/chat", "bot/render")
        for path in (ROOT / top).rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "Say"
    )
    texts = (each.value for call in calls for each in call.keywords if each.arg == "text")
    return {str(each.value) for each in texts if isinstance(each, ast.Constant)}


def test_what_a_button_types_in_english_leads_where_its_chinese_does() -> None:
    commands = offered() | {word.title for word in ROUTER.words.values()}
    assert len(commands) > len(ANSWERS)
    for chinese in commands - ANSWERS:
        assert found(typed_words(chinese, catalogue(Language.ENGLISH))) == found(chinese)


def test_each_word_that_people_are_told_to_type_is_understood() -> None:
    told = {
        word
        for entry in entries(Language.ENGLISH)
        for form in entry.forms
        for words in TO_TYPE.findall(form)
        for word in QUOTED.findall(words)
        if "{" not in word
    }
    assert told
    assert [word for word in told if in_chinese(word) is None] == []
