"""CHK-11: a sign of danger comes before everything, for anybody, anywhere."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from core.accounts.models import Permission, Role
from core.cards import Card as CardPiece
from core.cards import Open, Tone
from core.notices.models import Notice, NoticeKind, Urgency
from handlers.chat.urgent_signs import Sign, sign_in
from handlers.chat.words import normal
from tests.builders import an_account
from tests.handlers.chat.transcript import Chat, actions

SIGNS = {
    Sign.SUICIDE: ["自殺", "學生說他不想活了", "想 死", "他在跳樓！！"],
    Sign.VIOLENCE: ["打人", "他爸爸打人", "家暴", "被打", "虐待", "救命", "有人拿刀"],
    Sign.INJURY: ["受傷", "小孩受傷流血", "昏迷", "食物中毒"],
    Sign.LOST: ["走失", "學生不見了", "離家出走", "找不到小孩"],
}
FIRST_CALL = {Sign.SUICIDE: "tel:1925", Sign.VIOLENCE: "tel:110", Sign.INJURY: "tel:119", Sign.LOST: "tel:110"}
TYPED = [(sign, text) for sign, texts in SIGNS.items() for text in texts]


@pytest.mark.parametrize(("sign", "text"), TYPED)
def test_a_sign_of_danger_dials_at_once(stranger: Chat, sign: Sign, text: str) -> None:
    stranger.says(text)
    dials = [action.url for action in actions(stranger.answer) if isinstance(action, Open)]
    assert dials[0] == FIRST_CALL[sign]
    assert {"tel:110", "tel:113", "tel:1925"} <= set(dials)
    assert stranger.answer is not None
    card = stranger.answer.messages[0]
    assert isinstance(card, CardPiece)
    assert card.tone is Tone.URGENT


@pytest.mark.parametrize("text", ["請撥打人工客服", "待辦", "打電話", "電腦中毒", "案件 WK00017", "被打電話騷擾"])
def test_what_only_looks_like_danger(text: str) -> None:
    assert sign_in(normal(text)) is None


def test_danger_is_seen_at_the_end_of_a_long_text(stranger: Chat) -> None:
    stranger.says("說" * 4990 + "他要自殺")
    stranger.sees("1925")


def test_danger_comes_before_a_dialog_and_leaves_it_there(chat: Chat) -> None:
    chat.says("解除綁定")
    chat.says("有學生受傷了")
    chat.sees("119", "110", "113")
    chat.says("確定")
    chat.sees("已解除綁定")


def test_danger_comes_before_the_silence_in_groups(chat: Chat) -> None:
    chat.in_group = True
    chat.says("有人自殺")
    chat.sees("1925", "110")


def test_the_card_claims_no_more_than_is_done(chat: Chat) -> None:
    chat.says("自殺")
    chat.sees("無法替您報案")
    chat.sees_no("已通知")


def test_the_center_is_told_once_of_what_somebody_says_again(chat: Chat, stranger: Chat) -> None:
    center = an_account(chat.core, role=Role.CENTER, permissions=(Permission.CITY,))
    for each in (chat, chat, stranger):
        each.says("學生被打")
        each.sees("110", "113")
    with chat.core.store.reading() as session:
        urgent = select(Notice).where(Notice.kind == NoticeKind.URGENT)
        notices = list(session.scalars(urgent))
    assert [(notice.account_id, notice.urgency) for notice in notices] == [(center.id, Urgency.ALWAYS)] * 2
    assert all("學生" not in chat.core.vault.open(notice.said) for notice in notices)
