"""What is said around any list that is shown a page at a time: how many there are, and the way to the rest.

LINE on a PC shows no quick replies, so the way to the rest is also a card behind the last row, and a word to type.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from core.buttons import ButtonData, ShowBucket
from core.cards import Answer, Card, Deck, Line, Press, said
from core.choices import HOME
from core.labels import Labelled
from core.paging import Page

T = TypeVar("T")

MORE = "更多"
"""What is typed, or shown as typed, to see the next page of the list that was shown last."""


def bucket_page(area: str, bucket: Labelled, page: Page[T], card_of: Callable[[T], Card]) -> Answer:
    """Return a page of a bucket, which has rows: how many there are, the rows side by side, and the way to the rest."""
    head = count_words(bucket.label, page.total, page.start + 1, page.start + len(page.rows))
    cards = tuple(card_of(row) for row in page.rows)
    if page.next_start is None:
        return said(head, Deck(preview=head, cards=cards), choices=HOME)
    left, button = page.total - page.next_start, ShowBucket(area, bucket.value, page.next_start)
    deck = Deck(preview=head, cards=(*cards, rest_card(left, button)))
    return said(head, deck, choices=(rest_button(left, button), *HOME))


def count_words(name: str, total: int, first: int, last: int) -> str:
    """Return how many there are, and which these are where they are not all: 已逾期共 23 件，這是第 11 到 20 件."""
    rows = "" if (first, last) == (1, total) else f"，這是第 {first} 到 {last} 件"
    return f"{name}共 {total} 件{rows}。"


def rest_button(left: int, button: ButtonData) -> Press:
    """Return the choice that leads to the next page."""
    return Press(label=f"還有 {left} 件", data=button.pack(), shown=MORE)


def rest_card(left: int, button: ButtonData) -> Card:
    """Return the card behind the last row of a page that is not the last."""
    return Card(
        title=f"還有 {left} 件",
        preview="後面還有。",
        blocks=(Line(text=f"按「看{MORE}」，或輸入「{MORE}」。"),),
        actions=(Press(label=f"看{MORE}", data=button.pack(), shown=MORE, primary=True),),
    )
