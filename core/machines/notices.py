"""What another system has to say to somebody, as a card: its words, and a preview that tells nothing (ACC-10)."""

from __future__ import annotations

from collections.abc import Sequence

from core.cards import Answer, Card, Line, said
from core.choices import HOME
from core.machines.refusals import WrongField
from core.notices.models import NoticeKind, Urgency

TITLE_AT_MOST, TEXT_AT_MOST = 40, 1000
PREVIEW = "您有一則新的{kind}，請點開查看。"


def passed_on(kind: NoticeKind, title: str, text: str) -> Answer:
    """Return the card: each line of the text is a paragraph."""
    blocks = tuple(Line(text=line, quoted=True) for line in text.split("\n") if line)
    sent_by = Line(text="由主系統發送。要看您的事項，請輸入「待辦」。", quiet=True)
    card = Card(title=title, preview=PREVIEW.format(kind=kind.label), blocks=(*blocks, sent_by))
    return said(card, choices=HOME)


def wrong_length(field: str, length: int, at_most: int) -> WrongField:
    """Return that a text says nothing, or too much."""
    if length > at_most:
        return WrongField(field, f"最多 {at_most} 個字，現在有 {length} 個字。請縮短。")
    return WrongField(field, "內容是空白。請填寫要說的話。")


def wrong_kind(kinds: Sequence[NoticeKind]) -> WrongField:
    """Return that this kind of notice is not another system's to send."""
    return WrongField("kind", f"這種通知不能由其他系統發送。可用：{'、'.join(kinds)}。")


def wrong_urgency(urgencies: Sequence[Urgency]) -> WrongField:
    """Return that a notice of another system cannot be so urgent."""
    return WrongField("urgency", f"其他系統的通知不能打斷夜間安靜時段。可用：{'、'.join(urgencies)}。")
