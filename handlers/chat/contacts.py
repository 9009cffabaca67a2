"""誰是窗口, 督導是誰: whom one's unit turns to, with the telephone; the offices' numbers stand behind 聯絡電話."""

from __future__ import annotations

from core.accounts.above import who_is_above
from core.cards import Answer
from handlers.chat.router import Router
from handlers.chat.turn import Turn
from handlers.chat.views import contacts as views

router = Router()


@router.says(
    "誰是窗口", "窗口", "窗口是誰", "我的窗口", "督導", "督導是誰", "誰是督導", "我的督導", "誰是我的督導",
    "誰是我的窗口", "我的督導是誰", "我的窗口是誰", "局處窗口", "局裡窗口",
)  # fmt: skip
def contacts(turn: Turn) -> Answer:
    """Show the supervisors and contacts of one's own unit."""
    return views.listed(who_is_above(turn.ctx))
