"""What the chat says about how long is left of some duties: a sentence each, and behind them the cards of 待辦."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from core.buttons import MoreDuties
from core.cards import Answer, Card, Line, Text, said
from core.due_words import hours_words
from core.duties.notices import deck, due_text, due_words
from core.duties.queries import CHECK_KINDS, Owed, OwedRow
from handlers.chat.views import choices

_PREVIEW = "這是您問的待辦。"
_NEXT = (choices.DUTIES, choices.MENU)


def left(rows: Sequence[OwedRow], now: datetime) -> Answer:
    """Return how long is left of each, in order of the due moment."""
    return _shown("還要完成的", [_sentence(row, now) for row in rows], rows)


def late_by(days: int, found: Owed) -> Answer:
    """Return what is late by so many days or more; 0: all that is late."""
    wanted = f"逾期 {days} 天以上的待辦" if days else "已逾期的待辦"
    if not found.total:
        return said(f"目前沒有{wanted}。", choices=_NEXT)
    left_out = found.total - len(found.rows)
    rest = f"先列最久的 {len(found.rows)} 件，其餘輸入「待辦」可看。" if left_out else "拖最久的在最前面。"
    return said(f"{wanted}有 {found.total} 件，{rest}", *deck(found.rows, 0, MoreDuties(0)), choices=_NEXT)


def nothing_left() -> Answer:
    """Return that nothing is owed about any of what was asked for."""
    return said("這幾件目前都沒有要完成的事。", choices=_NEXT)


def none_of_day(day: str) -> Answer:
    """Return that nothing owed came or is due on a day."""
    return said(f"您的待辦裡沒有 {day} 派案或到期的。要找已完成的案件，請輸入「案件」加上編號。", choices=_NEXT)


def reasons(rows: Sequence[OwedRow]) -> Answer:
    """Return why what came back came back; it may not be known, or not be seen, here."""
    if not rows:
        return said("目前沒有被退件、要您補正的。要看其他待辦，請輸入「待辦」。", choices=_NEXT)
    return _shown("退件原因", [_reason(row) for row in rows], rows)


def not_returned(shown: Answer) -> Answer:
    """Return that a case was not returned, with how it stands."""
    told = Text(text="這件目前沒有被退件，以下是它的情形。")
    return shown.model_copy(update={"messages": (told, *shown.messages)})


def _shown(title: str, sentences: Sequence[str], rows: Sequence[OwedRow]) -> Answer:
    """Return the sentences on a card, since they name cases, and behind it the card of each; of one all on its own."""
    told = tuple(Line(text=each, strong=True) for each in sentences)
    cards = deck(rows, 0, MoreDuties(0))
    if len(rows) > 1:
        return said(Card(title=title, preview=_PREVIEW, blocks=told), *cards, choices=_NEXT)
    card = cards[0].cards[0]
    return said(card.model_copy(update={"preview": _PREVIEW, "blocks": (*told, *card.blocks)}), choices=_NEXT)


def _sentence(row: OwedRow, now: datetime) -> str:
    words = hours_words(row.due_at, now) if row.kind in CHECK_KINDS else due_words(row)
    return f"{row.number} {row.kind.label}：期限 {due_text(row)}，{words}。"


def _reason(row: OwedRow) -> str:
    if row.reason:
        return f"{row.number} {row.kind.label}的退件原因：{row.reason}"
    return f"{row.number} {row.kind.label}：這裡看不到退件原因，請到主系統查看，或問督導。"
