"""查 永平國小, 永平國小還有哪些沒回: what a unit owes, for who stands over it, and for who works there."""

from __future__ import annotations

from core.access import Action
from core.cards import Answer
from handlers.chat import duties, units
from handlers.chat.named import asked_unit, short_unit
from handlers.chat.router import Router
from handlers.chat.turn import Turn
from handlers.chat.views import duties as views
from handlers.chat.words import normal

router = Router()


@router.matches(asked_unit)
def by_name(turn: Turn, name: str) -> Answer:
    """Show the duties of the unit that is named; one that is not there and one that is not theirs are alike."""
    found = units.named(turn, name, whole=True) or units.named(turn, name, whole=False)
    if found:
        return found
    return duties.duties(turn) if _is_own(turn, name) else views.no_such_unit()


def _is_own(turn: Turn, name: str) -> bool:
    if turn.account is None or not turn.ctx.actor.may(Action.SEE_DUTIES):
        return False
    return short_unit(normal(turn.account.unit_name)).endswith(short_unit(name))
