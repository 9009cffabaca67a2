"""What stands on a button works as a typed word: on a PC people have only words, and they copy what they see."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.richmenu.menus import menus
from core.accounts.models import Permission
from core.checks.models import CheckBucket
from core.closures.kinds import ClosureBucket
from core.dispatches.models import DispatchBucket
from core.helpdesk.models import HelpKind
from core.labels import Labelled
from handlers.chat.features import ROUTER
from handlers.chat.finding import Found, find_text
from handlers.chat.turn import Dialog
from handlers.chat.understanding import Kind, understand
from handlers.chat.understanding.meaning import TITLES
from handlers.chat.views.faq_topics import TOPICS
from tests.handlers.chat.conftest import School
from tests.handlers.chat.transcript import Chat

ROOT = Path(__file__).parents[3]
BUTTONS = {"Say", "Press", "OpenPage", "OpenAccountLink"}
ELSEWHERE = {"不是我，攔下這次變更"}  # stands in a mail to a mailbox, which may be nobody's who is bound here
IN_A_STEP = {"確定": "unbind/confirm", "確定解除": "unbind/confirm"}
"""What answers a question is typed while it is asked."""


def on_buttons() -> Iterator[str]:
    """Yield what stands on the buttons of the code, and what they say for who presses them."""
    for top in ("core", "handlers/chat", "bot/render"):
        for path in sorted((ROOT / top).rglob("*.py")):
            source = path.read_text(encoding="utf-8")
            if not any(f"{name}(" in source for name in BUTTONS):
                continue
            for node in ast.walk(ast.parse(source)):
                if isinstance(node, ast.Call) and getattr(node.func, "id", "") in BUTTONS:
                    yield from _texts(node)


def _texts(call: ast.Call) -> Iterator[str]:
    for each in call.keywords:
        if each.arg in {"label", "text", "shown"} and isinstance(each.value, ast.Constant) and each.value.value:
            yield str(each.value.value)


ON_BUTTONS = frozenset(on_buttons())
CONSTANT = sorted(ON_BUTTONS - ELSEWHERE - IN_A_STEP.keys())
LISTS: list[Labelled] = [*DispatchBucket, *CheckBucket, *ClosureBucket]


def is_understood(text: str) -> bool:
    return isinstance(find_text(text, Dialog()), Found) or understand(text, TITLES).kind is Kind.CLEAR


def test_the_walk_finds_the_buttons() -> None:
    assert {"看案件", "怎麼算的", "服務歷程", "聯絡客服", "問真人", "綁定帳號", "多久要寫一筆"} <= set(CONSTANT)
    assert ELSEWHERE | IN_A_STEP.keys() <= ON_BUTTONS


@pytest.mark.parametrize("text", CONSTANT)
def test_what_stands_on_a_button_is_understood_when_typed(text: str) -> None:
    assert is_understood(text)


@pytest.mark.parametrize("bucket", LISTS, ids=lambda each: each.label)
@pytest.mark.parametrize("typed", ["{}", "{}的", "{}清單"])
def test_every_list_is_found_by_its_name(bucket: Labelled, typed: str) -> None:
    assert isinstance(find_text(typed.format(bucket.label), Dialog()), Found)


@pytest.mark.parametrize("permission", Permission, ids=lambda each: each.value)
@pytest.mark.parametrize("typed", ["{0.value}", "{0.label}", "{0.value} {0.label}"])
def test_every_permission_is_found_by_code_and_label(permission: Permission, typed: str) -> None:
    found = find_text(typed.format(permission), Dialog())
    assert isinstance(found, Found)
    assert found.value is permission


@pytest.mark.parametrize("topic", TOPICS, ids=lambda each: each.word)
def test_every_question_is_answered_by_its_title(topic: object) -> None:
    title = str(getattr(topic, "title", ""))
    found = find_text(title, Dialog())
    assert isinstance(found, Found)
    assert found.route.name == "faq.topic_answer"


@pytest.mark.parametrize("number", range(1, len(HelpKind) + 1))
def test_every_kind_of_help_is_chosen_as_it_stands_on_its_button(chat: Chat, number: int) -> None:
    kind = list(HelpKind)[number - 1]
    for typed in (f"{number} {kind.label}", kind.label, str(number)):
        chat.dialog = Dialog()
        chat.says("客服")
        chat.says(typed)
        chat.sees_no("想問哪一類")


@pytest.mark.parametrize("text", ["還有 13 件", "還有 2 個單位", "看更多", "WK00017", "查 17", "接著問第 12 號"])
def test_what_is_written_with_a_number_is_understood(text: str) -> None:
    assert isinstance(find_text(text, Dialog()), Found)


@pytest.mark.parametrize(("text", "key"), IN_A_STEP.items())
def test_what_answers_a_question_is_read_by_its_step(text: str, key: str) -> None:
    name, step = key.split("/")
    dialog = Dialog()
    dialog.go(name, step)
    assert isinstance(find_text(text, dialog), Found)


def test_every_place_of_the_menus_is_a_word_by_its_title_too() -> None:
    places = [place for menu in menus() for tab in menu.tabs for place in tab.places if place.says]
    assert places
    assert [each for place in places for each in (place.says, place.title) if not is_understood(each)] == []


def test_what_is_offered_under_any_word_is_a_word(chat: Chat, school: School) -> None:
    del school
    for text in ("待辦", "檢核", "工作紀錄", "誰是窗口", "常見問題", "我的申請", "服務歷程", "asdf"):
        chat.dialog = Dialog()
        chat.says(text)
        assert [each for each in chat.offered if not is_understood(each)] == []


def test_a_button_of_the_helpdesk_typed_while_somebody_talks_goes_to_the_agent(chat: Chat) -> None:
    chat.says("客服")
    chat.says("6")
    chat.says("畫面打不開")
    chat.says("解決了")
    assert chat.answer is None or "太好了" not in chat.shown


def test_whether_it_helped_is_asked_of_nobody_who_had_no_help(chat: Chat) -> None:
    chat.says("有幫上忙")
    chat.sees("報修")
    assert "有幫上忙" in {word.title for word in ROUTER.words.values()}
