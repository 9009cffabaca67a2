"""A deck of cards as Flex carousels: at most twelve bubbles and 50 KB each.

More cards than one carousel takes become several messages; more than all messages take, and a last bubble says
how many are left and how to reach them.
"""

from __future__ import annotations

from collections.abc import Sequence

from bot.channels.limits_fields import json_size
from bot.channels.limits_flex import CAROUSEL_BUBBLES
from bot.render.bubbles import bubble
from bot.render.filled import Filled
from bot.render.pieces import Component
from core.cards import Answer, Card, Line, Say
from core.language.service import in_language

CAROUSEL_MOST = 48_000  # bytes; LINE takes 50 KB and does not say of how many bytes each
MENU = "選單"


def carousels(cards: Sequence[Card], filled: Filled, room: int) -> list[Component]:
    """Return at most ``room`` carousels (a bubble where a card stands alone) of these cards, at least one card."""
    pages = _pages([bubble(card, filled) for card in cards])
    if len(pages) > room:
        pages = _cut_pages(pages[:room], len(cards), filled)
    return [page[0] if len(page) == 1 else {"type": "carousel", "contents": page} for page in pages]


def _pages(bubbles: Sequence[Component]) -> list[list[Component]]:
    pages: list[list[Component]] = [[]]
    for each in bubbles:
        if pages[-1] and not _fits([*pages[-1], each]):
            pages.append([])
        pages[-1].append(each)
    return pages


def _fits(page: list[Component]) -> bool:
    return len(page) <= CAROUSEL_BUBBLES and json_size(page) <= CAROUSEL_MOST


def _cut_pages(pages: list[list[Component]], count: int, filled: Filled) -> list[list[Component]]:
    """Return the pages with a last bubble that says how many of ``count`` cards are not among them."""
    last = pages[-1]
    more = _more(count - sum(len(page) for page in pages), filled)
    while len(last) > 1 and not _fits([*last, more]):
        last = last[:-1]
        more = _more(count - sum(len(page) for page in pages[:-1]) - len(last), filled)
    return [*pages[:-1], [*last, more]]


def _more(left: int, filled: Filled) -> Component:
    card = Card(
        title=f"還有 {left:,} 筆",
        preview=f"還有 {left:,} 筆。",
        blocks=(Line(text=f"這裡放不下全部。請輸入「{MENU}」，再選您要查看的項目。"),),
        actions=(Say(label=MENU, text=MENU, primary=True),),
    )
    (drawn,) = in_language(Answer(messages=(card,)), filled.language).messages
    assert isinstance(drawn, Card)  # noqa: S101 (rendering changes words, not kinds)
    return bubble(drawn, filled)
