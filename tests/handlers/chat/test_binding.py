"""Binding and its end, and what somebody unbound gets."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from core.access import system
from core.accounts.links import begin_link, remember_link_token, unbind
from core.accounts.models import BindingEnd
from core.accounts.service import disable_account
from core.audit import Door
from core.buttons import ExplainDuty, MoreDuties, ShowBucket, ShowCase, Unbind
from core.cards import OpenAccountLink
from core.clock import FixedClock
from core.context import Core
from handlers.chat.turn import Unfollowed, Unsent
from tests.handlers.chat.conftest import School
from tests.handlers.chat.transcript import Chat, actions

ACCOUNT_WORDS = ["待辦", "怎麼算的", "案件 WK00017", "WK00017", "案件", "被退件", "解除綁定"]
ACCOUNT_BUTTONS = [ExplainDuty(1), MoreDuties(0), ShowBucket("checks", "late", 0), ShowCase("WK00017"), Unbind()]


def offers_to_bind(chat: Chat) -> bool:
    return any(isinstance(action, OpenAccountLink) for action in actions(chat.answer))


def link(stranger: Chat, school: School) -> str:
    """Sign in on the page, as the account's owner does, and return the nonce LINE will bring."""
    with stranger.core.transaction(system("page"), Door.PAGE) as ctx:
        remember_link_token(ctx, stranger.person, "token")
        return begin_link(ctx, school.caseworker.id, "token")


@pytest.mark.parametrize("text", ACCOUNT_WORDS)
def test_somebody_unbound_is_told_how_to_bind_for_every_word(stranger: Chat, school: School, text: str) -> None:
    school.dispatch("WK00017", date(2026, 3, 1))
    stranger.says(text)
    stranger.sees("請先綁定帳號", "電腦版")
    stranger.sees_no("WK00017", "王")
    assert offers_to_bind(stranger)


@pytest.mark.parametrize("button", ACCOUNT_BUTTONS)
def test_somebody_unbound_is_told_how_to_bind_for_every_button(
    stranger: Chat, school: School, button: ExplainDuty
) -> None:
    school.dispatch("WK00017", date(2026, 3, 1))
    stranger.presses_data(button)
    stranger.sees("請先綁定帳號")
    stranger.sees_no("WK00017", "王")


def test_binding_says_what_it_is_and_opens_the_page(stranger: Chat) -> None:
    stranger.says("綁定")
    stranger.sees("帳號與密碼", "驗證碼", "10 分鐘", "電腦版", "解除綁定")
    assert offers_to_bind(stranger)


def test_a_finished_link_binds(stranger: Chat, school: School) -> None:
    school.dispatch("WK00017", date(2026, 3, 1))
    stranger.links(link(stranger, school))
    stranger.sees("綁定完成", school.caseworker.code, "解除")
    stranger.says("待辦")
    stranger.sees("WK00017")


def test_a_nonce_works_once(stranger: Chat, school: School) -> None:
    nonce = link(stranger, school)
    stranger.links(nonce)
    stranger.links(nonce)
    stranger.sees("已經用過")


@pytest.mark.parametrize("nonce", ["", "invented", "x" * 300])
def test_an_invented_nonce_binds_nothing(stranger: Chat, nonce: str) -> None:
    stranger.links(nonce)
    stranger.sees("沒有完成綁定", "綁定")
    assert offers_to_bind(stranger)


def test_somebody_bound_is_told_to_what(chat: Chat, school: School) -> None:
    chat.says("綁定")
    chat.sees("已綁定", school.caseworker.code, "永平國民小學", "解除綁定")


def test_unbinding_asks_first(chat: Chat) -> None:
    chat.says("解除綁定")
    chat.sees("要解除綁定嗎", "取消")
    chat.says("待辦")
    chat.sees("沒有待辦")


@pytest.mark.parametrize("yes", ["確定", "確 定。", "是", "YES"])
def test_unbinding_after_a_yes(chat: Chat, yes: str) -> None:
    chat.says("解除綁定")
    chat.says(yes)
    chat.sees("已解除綁定")
    chat.says("待辦")
    chat.sees("請先綁定帳號")


def test_unbinding_by_its_button_and_pressed_twice(chat: Chat) -> None:
    chat.says("解除綁定")
    chat.presses("確定解除")
    chat.sees("已解除綁定")
    chat.presses_data(Unbind())
    chat.sees("請先綁定帳號")


def test_no_unbinding_after_cancel(chat: Chat) -> None:
    chat.says("解除綁定")
    chat.presses("取消")
    chat.sees("已取消")
    chat.says("確定")
    chat.sees_no("已解除綁定")
    chat.presses_data(Unbind())
    chat.sees("要解除綁定嗎")


def test_an_unclear_answer_asks_again(chat: Chat) -> None:
    chat.says("解除綁定")
    chat.says("嗯嗯嗯")
    chat.sees("確定解除", "要解除綁定嗎")


def test_another_button_leaves_the_question(chat: Chat) -> None:
    chat.says("解除綁定")
    chat.presses_data(MoreDuties(0))
    chat.says("確定")
    chat.sees_no("已解除綁定")


def test_a_disabled_account_is_told_so_and_what_to_do(chat: Chat, school: School, core_sqlite: Core) -> None:
    school.dispatch("WK00017", date(2026, 3, 1))
    with core_sqlite.transaction(system("admin"), Door.COMMAND) as ctx:
        disable_account(ctx, school.caseworker.code)
    chat.says("案件 WK00017")
    chat.sees("停用", "單位窗口", "3718")
    chat.sees_no("WK00017")


def test_an_account_is_told_so_from_the_day_after_its_last(chat: Chat, school: School, clock: FixedClock) -> None:
    clock.at += timedelta(days=(school.caseworker.ends_on - date(2026, 3, 4)).days)
    chat.says("待辦")
    chat.sees("沒有待辦")
    clock.at += timedelta(days=1)
    chat.says("待辦")
    chat.sees("停用或到期")


def test_disabled_in_the_middle_of_a_dialog(chat: Chat, school: School, core_sqlite: Core) -> None:
    chat.says("案件")
    with core_sqlite.transaction(system("admin"), Door.COMMAND) as ctx:
        disable_account(ctx, school.caseworker.code)
    chat.says("那個")
    chat.sees("停用")
    assert not chat.dialog.name


@pytest.mark.parametrize("ending", [BindingEnd.BY_USER, BindingEnd.BY_STAFF, BindingEnd.REPLACED])
def test_nothing_is_told_of_an_account_that_is_no_longer_theirs(
    chat: Chat, school: School, core_sqlite: Core, ending: BindingEnd
) -> None:
    with core_sqlite.transaction(system("admin"), Door.COMMAND) as ctx:
        unbind(ctx, school.caseworker.id, ending)
        disable_account(ctx, school.caseworker.code)
    chat.says("待辦")
    chat.sees("請先綁定帳號")


def test_a_code_typed_into_the_chat_is_turned_away(stranger: Chat) -> None:
    stranger.says("12345678")
    stranger.sees("驗證碼請不要輸入在這裡")


def test_following_welcomes(stranger: Chat) -> None:
    stranger.follows()
    stranger.sees("社政小幫手", "綁定", "110", "113", "1925", "3718")
    assert offers_to_bind(stranger)


def test_following_again_keeps_the_binding(chat: Chat) -> None:
    chat.hears(Unfollowed())
    assert chat.answer is None
    chat.follows(again=True)
    chat.sees("歡迎回來", "仍然綁定")


def test_nobody_is_there_to_answer_after_a_block_or_an_unsend(chat: Chat) -> None:
    for event in (Unfollowed(), Unsent("1")):
        chat.hears(event)
        assert chat.answer is None
