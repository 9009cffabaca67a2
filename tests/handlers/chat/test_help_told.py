"""Who tells the problem where only its kind was asked is not asked again: it is taken in, word for word."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from core.helpdesk.models import HelpEntry, HelpKind, HelpRequest
from handlers.chat.help_told import ENOUGH
from tests.handlers.chat.transcript import Chat


def asked(chat: Chat) -> list[tuple[HelpKind, str]]:
    """Return each request's kind with what was written first."""
    with chat.core.store.reading() as session:
        rows = session.execute(
            select(HelpRequest.kind, HelpEntry.text).join(HelpEntry, HelpEntry.request_id == HelpRequest.id)
        )
        return [(row.kind, chat.core.vault.open(row.text)) for row in rows]


@pytest.mark.parametrize("text", ["請打給我", "可以打個電話給我嗎", "麻煩回電", "我想用電話講", "please call me"])
def test_the_wish_to_be_called_is_taken_in_and_not_asked_again(chat: Chat, text: str) -> None:
    chat.says("客服")
    chat.says(text)
    chat.sees("已收到", "寫下您的電話", "撥打系統客服")
    chat.sees_no("請按下面的類別")
    assert asked(chat) == [(HelpKind.OTHER, text)]


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("我的回覆單按送出一直轉圈圈", HelpKind.FAULT),
        ("想問一下上次講的那場會議簡報放哪", HelpKind.OTHER),
    ],
)
def test_a_problem_told_at_once_is_the_request(chat: Chat, text: str, kind: HelpKind) -> None:
    chat.says("客服")
    chat.says(text)
    chat.sees("已收到", kind.label)
    assert asked(chat) == [(kind, text)]


def test_login_trouble_has_its_steps_first(chat: Chat) -> None:
    chat.says("客服")
    chat.says("我今天早上開始就一直登入不了系統")
    chat.sees("先試這五步")
    assert asked(chat) == []


def test_too_little_for_a_problem_is_asked_again(chat: Chat) -> None:
    chat.says("客服")
    chat.says("隨" * (ENOUGH - 1))
    chat.sees("請按下面的類別")
    chat.says("隨" * ENOUGH)
    chat.sees("已收到")


def test_a_clear_other_wish_leaves_the_question(chat: Chat) -> None:
    chat.says("客服")
    chat.says("先不用了，幫我看待辦")
    chat.sees("待辦")
    assert asked(chat) == []


def test_signs_alone_however_many_tell_no_problem(chat: Chat) -> None:
    chat.says("客服")
    chat.says("👨\u200d👩\u200d👧\u200d👦" * ENOUGH)
    chat.sees("請按下面的類別")
    assert asked(chat) == []
