"""What is said about work records: which windows still want one, with the case and the span of each. Pure."""

from __future__ import annotations

from datetime import datetime

from core.buttons import ShowBucket, ShowCase
from core.cards import Answer, Card, Deck, Press, Row, Say, said
from core.choices import HOME
from core.dates import roc
from core.due_words import days_words, due_day, tone_of
from core.list_words import rest_button, rest_card
from core.records.missing import OpenWindow, OpenWindows

AREA, LIST = "records", "open"
"""What the buttons of this list say (``ShowBucket``)."""
_RULES = Say(label="多久要寫一筆", text="工作紀錄期限")


def windows_answer(found: OpenWindows, now: datetime) -> Answer:
    """Return a page of the windows that want a record, those that are over first; where none does, that."""
    page = found.page
    if not page.rows:
        return said("開案中的個案，每段期間都有工作紀錄，沒有缺漏。", choices=(_RULES, *HOME))
    cards = tuple(_card(row, now) for row in page.rows)
    head = _head(found)
    if page.next_start is None:
        return said(head, Deck(preview=head, cards=cards), choices=(_RULES, *HOME))
    left, button = page.total - page.next_start, ShowBucket(AREA, LIST, page.next_start)
    deck = Deck(preview=head, cards=(*cards, rest_card(left, button)))
    return said(head, deck, choices=(rest_button(left, button), _RULES, *HOME))


def _head(found: OpenWindows) -> str:
    running = found.page.total - found.late
    if not found.late:
        return f"工作紀錄沒有缺漏；有 {running} 段期間還沒寫，都在期限內。"
    if not running:
        return f"有 {found.late} 段期間缺工作紀錄，請補登當時提供的服務。"
    return f"有 {found.late} 段期間缺工作紀錄，請補登當時提供的服務；另有 {running} 段期間還在期限內。"


def _card(row: OpenWindow, now: datetime) -> Card:
    return Card(
        title=row.number,
        preview="這段期間還沒有工作紀錄。",
        tone=tone_of(row.due_at, now),
        badge=days_words(row.due_at, now),
        blocks=(
            Row(label="對象", value=row.child),
            Row(label="單位", value=row.unit_name),
            Row(label="期間", value=f"{roc(row.first)}–{roc(row.last)}"),
            Row(label="期限", value=due_day(row.due_at), tone=tone_of(row.due_at, now)),
        ),
        actions=(Press(label="看案件", data=ShowCase(row.number).pack(), shown="看案件"),),
    )
