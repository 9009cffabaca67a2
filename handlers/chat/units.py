"""待辦 of who stands over several units: the units, worst first, then the duties of the one that is tapped or typed."""

from __future__ import annotations

import re

from core.access import Action
from core.buttons import MoreUnits, ShowUnit
from core.cards import Answer
from core.duties.by_unit import by_unit, duties_of_unit, units_named
from core.duties.unit_notices import choose_unit, unit_answer, units_answer
from core.duties.watch import SEVERAL_UNITS
from handlers.chat.dialogs import goes_on
from handlers.chat.router import Router
from handlers.chat.turn import TextSaid, Turn
from handlers.chat.words import normal

_DUTIES_OF = re.compile(
    r"(?:那麼?|換|改看)?(?:待辦|代辦)?(.+?)(?:的?(?:待辦|代辦)(?:事項)?|還有(?:什麼|哪些)沒回|(?:那[邊裡間所校])?的?呢|的|那[邊裡間所校]"
    r"|(?:今天|昨天|這週|這禮拜|到底|都|現在|他們)*[交回補寫送弄做][完好]?了?沒有?|(?:今天|昨天|都|現在|他們)*[交回補寫送弄做][完好]?了嗎)?"
)

router = Router()


def listed(turn: Turn, start: int = 0) -> Answer | None:
    """Return the units that owe something, from a place on; None for who stands over none, or has one to look at."""
    if not turn.ctx.actor.may(Action.WATCH_UNITS):
        return None
    page = by_unit(turn.ctx, start)
    if page.units.total < SEVERAL_UNITS:
        return None
    if not page.units.rows:
        return listed(turn)
    following = page.units.next_start
    goes_on(turn, None if following is None else MoreUnits(following))
    return units_answer(page)


@router.pressed(ShowUnit)
def one_unit(turn: Turn, button: ShowUnit) -> Answer:
    """Show what one unit owes, from a place on; from the beginning where less is left by now."""
    return _of_unit(turn, button.unit_id, button.start)


def typed(turn: Turn, *, whole: bool) -> Answer | None:
    """Return the duties of a unit whose name was typed, or the units to choose from; None where it names none.

    ``whole`` asks for names as they stand; otherwise a part of a name is enough.
    """
    asked = _DUTIES_OF.fullmatch(normal(turn.event.text)) if isinstance(turn.event, TextSaid) else None
    return named(turn, asked[1], whole=whole) if asked else None


def named(turn: Turn, name: str, *, whole: bool) -> Answer | None:
    """Return the duties of the unit of a name, or the units to choose from; None where none of theirs is called so."""
    if not turn.ctx.actor.may(Action.WATCH_UNITS):
        return None
    found = units_named(turn.ctx, name, whole=whole)
    if not found.total:
        return None
    return _of_unit(turn, found.rows[0].unit_id, 0) if found.total == 1 else choose_unit(found)


def _of_unit(turn: Turn, unit_id: int, start: int) -> Answer:
    page = duties_of_unit(turn.ctx, unit_id, start)
    if start and not page.owed.rows:
        return _of_unit(turn, unit_id, 0)
    goes_on(turn, ShowUnit(unit_id, start + len(page.owed.rows)) if page.left > 0 else None)
    return unit_answer(page)
