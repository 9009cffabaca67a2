"""Dialogs: leaving them, letting them lie, changing one's mind."""

from __future__ import annotations

from datetime import timedelta

import pytest

from core.clock import FixedClock
from core.policy import Policy
from handlers.chat.turn import Dialog
from tests.handlers.chat.transcript import Chat


@pytest.mark.parametrize("begun_by", ["案件", "解除綁定"])
@pytest.mark.parametrize(("word", "seen"), [("取消", "已取消"), ("選單", "可以這樣用"), ("？", "可以這樣用")])
def test_cancel_and_menu_leave_any_dialog(chat: Chat, begun_by: str, word: str, seen: str) -> None:
    chat.says(begun_by)
    chat.says(word)
    chat.sees(seen)
    assert not chat.dialog.name


def test_cancel_without_a_dialog(chat: Chat) -> None:
    chat.says("取消")
    chat.sees("沒有進行中的步驟")


def test_a_known_word_leaves_the_dialog_and_is_done(chat: Chat) -> None:
    chat.says("解除綁定")
    chat.says("待辦")
    chat.sees("沒有待辦")
    chat.says("確定")
    chat.sees_no("已解除綁定")


def test_a_dialog_lives_until_its_time_has_passed(chat: Chat, clock: FixedClock, policy: Policy) -> None:
    chat.says("解除綁定")
    clock.move(timedelta(minutes=policy.dialog_minutes) - timedelta(microseconds=1))
    chat.says("確定")
    chat.sees("已解除綁定")


def test_a_dialog_is_over_at_its_last_moment_and_says_so(chat: Chat, clock: FixedClock, policy: Policy) -> None:
    chat.says("解除綁定")
    clock.move(timedelta(minutes=policy.dialog_minutes))
    chat.says("確定")
    chat.sees("自動結束", "沒有變更")
    chat.says("待辦")
    chat.sees("沒有待辦")


def test_a_known_word_is_done_although_a_dialog_was_over(chat: Chat, clock: FixedClock) -> None:
    chat.says("解除綁定")
    clock.move(timedelta(days=1))
    chat.says("待辦")
    chat.sees("沒有待辦")


def test_a_button_of_a_dialog_that_is_over_asks_anew(chat: Chat, clock: FixedClock) -> None:
    chat.says("解除綁定")
    clock.move(timedelta(days=1))
    chat.presses("確定解除")
    chat.sees("要解除綁定嗎")


def test_each_answer_gives_a_dialog_its_time_anew(chat: Chat, clock: FixedClock) -> None:
    chat.says("解除綁定")
    clock.move(timedelta(minutes=20))
    chat.says("嗯嗯嗯")
    clock.move(timedelta(minutes=20))
    chat.says("確定")
    chat.sees("已解除綁定")


def test_a_step_of_an_older_version_is_left(chat: Chat) -> None:
    chat.dialog.go("retired", "step")
    chat.says("什麼意思呢")
    assert not chat.dialog.name
    chat.dialog.go("retired", "step")
    chat.says("待辦")
    chat.sees("沒有待辦")


def test_a_sticker_leaves_a_dialog_where_it_is(chat: Chat) -> None:
    chat.says("解除綁定")
    chat.sends("sticker")
    chat.says("確定")
    chat.sees("已解除綁定")


def test_a_dialog_gathers_and_forgets() -> None:
    dialog = Dialog()
    dialog.go("mail", "address", old="a")
    dialog.go("mail", "code", new="b")
    assert dialog.collected == {"old": "a", "new": "b"}
    dialog.go("other", "step")
    assert dialog.collected == {}
    dialog.leave()
    assert (dialog.name, dialog.step, dialog.until) == ("", "", None)
