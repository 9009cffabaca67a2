"""審核: how many forms wait for a supervisor, and the way to the desk, where they are read and decided."""

from __future__ import annotations

from core.access import Action, require
from core.cards import Answer, said
from core.duties.to_review import to_review
from handlers.chat.router import Router
from handlers.chat.turn import Turn
from handlers.chat.views import reviews as views
from handlers.chat.views.choices import MENU

router = Router()


@router.says("審核", "我要審核", "等我審核", "待我審核", "審核回覆單", "審核結案單")
def reviews(turn: Turn) -> Answer:
    """Show what waits for the review of who asks; raises ``NotAllowed`` for who reviews nothing."""
    require(turn.ctx.actor, Action.REVIEW)
    found = to_review(turn.ctx)
    return said(views.review_card(found), choices=(MENU,)) if found.total else views.nothing_to_review()
