"""客服提問: who waits for the helpdesk, for those who answer there; to all others, how their own requests stand."""

from __future__ import annotations

from core.access import Action
from core.cards import Answer
from core.helpdesk.queries import DeskList, counts, in_list
from handlers.chat import helpdesk
from handlers.chat.router import Gate, Router
from handlers.chat.turn import Turn
from handlers.chat.views import desk_queue as views

router = Router()


@router.says(
    "客服提問", "有人在等嗎", "有人在等", "有人在排隊嗎", "誰在等", "排隊", "排隊狀況", "等候人數",
    gate=Gate.EVERYBODY,
)  # fmt: skip
def queue(turn: Turn) -> Answer:
    """Show how much waits and what is due first; somebody who does not answer there sees their own requests."""
    if not turn.ctx.actor.may(Action.ANSWER_HELP):
        return helpdesk.own(turn)
    found = counts(turn.ctx)
    if not found[DeskList.UNSOLVED]:
        return views.nobody_waits()
    return views.waiting(found, in_list(turn.ctx, DeskList.UNSOLVED, limit=1).rows[0])
