"""更多: the next page of the list that was shown last, typed: LINE on a PC has no quick replies."""

from __future__ import annotations

import re

from core.buttons import ButtonData
from core.cards import Answer
from core.list_words import MORE
from handlers.chat import buckets, due_when, duties, helpdesk, requests, units
from handlers.chat.dialogs import is_at_end, next_page
from handlers.chat.router import Router
from handlers.chat.turn import Turn
from handlers.chat.views import fallback as views

router = Router()
_REST = re.compile("還有[0-9]+(?:件|筆|個單位)")
_LISTS = Router.of(
    duties.router, due_when.router, units.router, buckets.router, requests.router, helpdesk.router
).buttons


def rest_named(text: str) -> str | None:
    """Return a normal text like 還有3件, or None."""
    return text if _REST.fullmatch(text) else None


@router.matches(rest_named)
def rest(turn: Turn, _: str) -> Answer:
    """Show the next page, for who types what stands on its button: 還有 3 件."""
    return more(turn)


@router.says(
    MORE,
    "看更多",
    "還有",
    "還有嗎",
    "下一頁",
    "繼續",
    "再來",
    "還有別的嗎",
    "還有別的",
    "還有其他的嗎",
    "還有呢",
    "more",
    "next",
    leaves=True,
)
def more(turn: Turn) -> Answer:
    """Show the next page; behind the last one say so, and where no list is open show what is owed."""
    button, was_last = next_page(turn.dialog), is_at_end(turn.dialog)
    turn.dialog.leave()
    if was_last:
        return views.no_further_page()
    return _page(turn, button) or views.no_list(duties.duties(turn))


def _page(turn: Turn, button: ButtonData | None) -> Answer | None:
    """Return the page of a list's button, as pressing it would; None where no list is open."""
    route = _LISTS.get(type(button)) if button else None
    return route.run(turn, button) if route else None
