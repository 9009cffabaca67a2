"""What the chat says about what falls due on some days."""

from __future__ import annotations

from core.buttons import MoreDue
from core.cards import Answer, said
from core.due_words import roc_day
from core.duties.notices import deck
from core.duties.queries import Owed
from core.list_words import rest_button
from core.watch.rules import Span
from handlers.chat.views import choices


def due(span: Span, found: Owed, following: MoreDue, late: int) -> Answer:
    """Return what falls due within some days, and how much is late already besides: it presses more.

    ``following`` is the way to what comes after these rows, if anything does.
    """
    left = found.total - following.start
    more = (rest_button(left, following),) if left > 0 else ()
    head = f"{_headline(span, found.total)}{_besides(late)}"
    return said(head, *deck(found.rows, left, following), choices=(*more, choices.DUTIES, choices.MENU))


def _headline(span: Span, total: int) -> str:
    first, last = span.first, span.last or span.first
    if first == last:
        return f"{roc_day(first)}到期的待辦有 {total} 件。" if total else f"{roc_day(first)}沒有待辦到期。"
    if not total:
        return f"從 {roc_day(first)}到 {roc_day(last)}，沒有待辦到期。"
    return f"從 {roc_day(first)}到 {roc_day(last)}，到期的待辦有 {total} 件。"


def _besides(late: int) -> str:
    return f"另有 {late} 件已逾期，請先處理：輸入「待辦」可看全部。" if late else ""
