"""更多: the next page of the list that was shown last, typed: LINE on a PC has no quick replies."""

from __future__ import annotations

from core.buttons import MoreDuties, MoreRequests, MoreUnits, ShowBucket, ShowUnit
from core.cards import Answer
from core.list_words import MORE
from handlers.chat import buckets, duties, requests, units
from handlers.chat.dialogs import next_page
from handlers.chat.router import Router
from handlers.chat.turn import Turn

router = Router()


@router.says(MORE, "看更多", "還有", "還有嗎", "下一頁", "繼續", "再來", "more", "next", leaves=True)
def more(turn: Turn) -> Answer:
    """Show the next page; where no list is open, what is owed."""
    button = next_page(turn.dialog)
    turn.dialog.leave()
    if isinstance(button, ShowBucket):
        return buckets.by_number(turn, button)
    if isinstance(button, MoreRequests):
        return requests.more(turn, button)
    if isinstance(button, ShowUnit):
        return units.one_unit(turn, button)
    if isinstance(button, MoreUnits):
        return duties.more_units(turn, button)
    return duties.more(turn, button) if isinstance(button, MoreDuties) else duties.duties(turn)
