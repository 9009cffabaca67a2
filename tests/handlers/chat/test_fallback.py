"""What is not understood, what is no text, what is said in a group: never silence, never a dead end."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from core.accounts.models import Permission, Role
from core.cards import MAX_MESSAGES, from_json
from core.context import Core
from handlers.chat.features import ROUTER
from handlers.chat.turn import Dialog
from handlers.chat.words import normal
from tests.builders import an_account
from tests.handlers.chat.conftest import School
from tests.handlers.chat.transcript import Chat


def test_a_guess_is_offered_and_leads_there(chat: Chat) -> None:
    chat.says("meun")
    chat.sees("不太確定", "「選單」", "3718", "113")
    chat.presses("選單")
    chat.sees("可以這樣用")


@pytest.mark.parametrize("text", ["asdf", "……", "😀", "qwertyuiop", "可以喝咖啡嗎", "lol", "那個"])
def test_nonsense_is_not_guessed_at(chat: Chat, text: str) -> None:
    chat.says(text)
    chat.sees("我還看不懂這句話", "選單", "3718")
    chat.sees_no("您是不是要")


def test_twice_in_a_row_offers_a_person(chat: Chat) -> None:
    chat.says("龍鳳呈祥")
    chat.sees("3718")
    chat.says("龍鳳呈祥")
    chat.sees("真人", "(02)2960-3456", "08:30")


def test_a_word_understood_in_between_begins_the_count_anew(chat: Chat) -> None:
    chat.says("龍鳳呈祥")
    chat.says("待辦")
    chat.says("龍鳳呈祥")
    chat.sees("不太確定")


def test_the_first_words_of_a_stranger_get_the_welcome(stranger: Chat) -> None:
    stranger.is_first = True
    stranger.says("請問這是什麼")
    stranger.sees("社政小幫手", "綁定")


@pytest.mark.parametrize("kind", ["sticker", "image", "video", "audio", "file", "location", "template", ""])
def test_what_is_no_text_is_answered(chat: Chat, stranger: Chat, kind: str) -> None:
    for each in (chat, stranger):
        each.sends(kind)
        each.sees("文字", "選單")


def test_a_group_is_told_nothing(chat: Chat, school: School) -> None:
    chat.in_group = True
    for text in ("待辦", "案件 WK00017", "綁定", "選單", "隨便說說"):
        chat.says(text)
        chat.sees("群組", "一對一")
        chat.sees_no(school.unit.name)
    chat.presses_data("1|more|0")
    chat.sees("群組")


def test_nothing_is_offered_to_tap_in_a_group(chat: Chat) -> None:
    chat.in_group = True
    for text in ("待辦", "他說要自殺", "活著好累"):
        chat.says(text)
        assert chat.answer
        assert not chat.answer.choices


def test_a_group_is_not_answered_at_every_sticker(chat: Chat) -> None:
    chat.in_group = True
    chat.sends("sticker")
    assert chat.answer is None


def test_a_group_leaves_the_dialog_alone(chat: Chat) -> None:
    chat.says("解除綁定")
    chat.in_group = True
    chat.says("確定")
    chat.sees_no("已解除綁定")


def test_the_menu_names_every_word_in_text(chat: Chat, stranger: Chat) -> None:
    for each in (chat, stranger):
        each.says("選單")
        rows = each.shown.split("這樣用")[1]
        for word in each.offered:
            assert f"「{word}" in rows


@pytest.mark.parametrize(
    ("role", "permissions", "offered", "hidden"),
    [
        (Role.CASEWORKER, (Permission.CASEWORKER,), "案件 編號", "待檢核"),
        (Role.CASEWORKER, (Permission.MEAL_CHECKS,), "待檢核", "案件 編號"),
        (Role.SUPERVISOR, (Permission.SUPERVISOR,), "各單位", "還有什麼沒回"),
        (Role.HELPDESK, (), "管理台", "待辦"),
    ],
)
def test_the_menu_is_by_role(
    core_sqlite: Core, role: Role, permissions: tuple[Permission, ...], offered: str, hidden: str
) -> None:
    chat = Chat(core_sqlite, an_account(core_sqlite, role=role, permissions=permissions))
    chat.says("選單")
    chat.sees(offered)
    chat.sees_no(hidden)


def test_every_word_gets_an_answer_with_choices_that_are_known(chat: Chat, stranger: Chat) -> None:
    for each in (chat, stranger):
        for word in ROUTER.words:
            each.dialog = Dialog()
            each.says(word)
            assert each.answer is not None
            assert each.answer.choices
            assert {normal(offered) for offered in each.offered} <= set(ROUTER.words)
            if each is chat and word == normal("解除綁定"):
                each.says("取消")


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    text=st.text(max_size=300) | st.sampled_from(["\x00", "案件" + "9" * 300, "1" * 5000]),
    name=st.sampled_from(["", "unbind", "case", "gone"]),
)
def test_any_text_is_answered(chat: Chat, text: str, name: str) -> None:
    steps = {"unbind": "confirm", "case": "number"}
    chat.dialog = Dialog(name=name, step=steps.get(name, ""))
    chat.says(text)
    assert_sound(chat)


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    data=st.text(max_size=310)
    | st.builds("1|{}|{}".format, st.sampled_from(["why", "more", "case"]), st.text(max_size=50))
    | st.builds("1|bucket|{}|{}|{}".format, st.text(max_size=20), st.text(max_size=20), st.integers())
)
def test_a29_any_button_is_answered(chat: Chat, data: str) -> None:
    chat.dialog = Dialog()
    chat.presses_data(data)
    assert_sound(chat)


def assert_sound(chat: Chat) -> None:
    assert chat.answer is not None
    assert 1 <= len(chat.answer.messages) <= MAX_MESSAGES
    assert chat.answer.choices
    assert from_json(chat.answer.to_json()) == chat.answer
