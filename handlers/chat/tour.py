"""導覽: the first tour, shown once a phone is bound and whenever it is asked for."""

from __future__ import annotations

from core.access import Actor
from core.cards import Answer
from handlers.chat.router import Router
from handlers.chat.turn import Turn
from handlers.chat.views import tour as views

router = Router()


@router.says("導覽", "新手導覽", "教學", "使用教學", "怎麼開始", "新手上路", "介紹")
def tour(turn: Turn) -> Answer:
    """Show the three cards."""
    return views.tour(turn.ctx.actor)


def followed_by_tour(answer: Answer, actor: Actor) -> Answer:
    """Return an answer with the three cards behind it."""
    return answer.model_copy(update={"messages": (*answer.messages, views.deck(actor))})
