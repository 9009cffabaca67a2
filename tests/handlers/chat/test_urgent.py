"""CHK-11: a sign of danger comes before everything, for anybody, anywhere."""

from __future__ import annotations

import tomllib
from pathlib import Path
from time import process_time

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

FIRST_CALL = {Sign.SUICIDE: "tel:1925", Sign.VIOLENCE: "tel:110", Sign.INJURY: "tel:119", Sign.LOST: "tel:110"}
DIALLED = [(Sign.SUICIDE, "學生說他不想活了"), (Sign.VIOLENCE, "他爸爸打人"), (Sign.INJURY, "小孩受傷流血"),
           (Sign.LOST, "学生不见了")]  # fmt: skip
PHRASES = tomllib.loads((Path(__file__).parent / "urgent_phrases.toml").read_text(encoding="utf-8"))
HARMLESS = "harmless"
FALSE_ALARMS = {"訪視紀錄要寫受傷情形嗎"}
"""Harmless, and taken for a danger all the same: to let it pass would let others pass."""
PRECISION = 0.95


@pytest.mark.parametrize(("sign", "text"), DIALLED)
def test_a_sign_of_danger_dials_at_once(stranger: Chat, sign: Sign, text: str) -> None:
    stranger.says(text)
    dials = [action.url for action in actions(stranger.answer) if isinstance(action, Open)]
    assert dials[0] == FIRST_CALL[sign]
    assert {"tel:110", "tel:113", "tel:1925"} <= set(dials)
    assert stranger.answer is not None
    card = stranger.answer.messages[0]
    assert isinstance(card, CardPiece)
    assert card.tone is Tone.URGENT


def seen(text: str) -> Sign | None:
    return sign_in(normal(text, most=len(text)))


def test_there_are_phrases_enough_and_none_twice() -> None:
    texts = [text for part in PHRASES.values() for phrases in part.values() for text in phrases]
    assert len(texts) == len(set(texts)) >= 150
    assert all(set(part) == {*Sign, HARMLESS} for part in PHRASES.values())


@pytest.mark.parametrize("part", PHRASES)
def test_every_danger_is_seen_as_what_it_is(part: str) -> None:
    dangers = {text: kind for kind, texts in PHRASES[part].items() if kind != HARMLESS for text in texts}
    assert {text: seen(text) for text in dangers} == dangers


@pytest.mark.parametrize("part", PHRASES)
def test_hardly_ever_is_an_alarm_false(part: str) -> None:
    false = {text for text in PHRASES[part][HARMLESS] if seen(text)}
    right = sum(len(texts) for kind, texts in PHRASES[part].items() if kind != HARMLESS)
    assert right / (right + len(false)) >= PRECISION
    assert false <= FALSE_ALARMS


@pytest.mark.parametrize(
    "hard", ["《", "「自殺", "打我的", "被", "沒有", "找不到孩子", "自.", "孩子", "自\u0301\u200b殺防"]
)
def test_a39_no_text_costs_more_than_its_length(hard: str) -> None:
    text = (hard * 5000)[:5000]
    begun = process_time()
    seen(text)
    assert process_time() - begun < 0.5


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
