"""準時率: how much of what fell due this month and the last one was done in time, by one's unit or units (DUTY-1)."""

from __future__ import annotations

import re

from core.access import Action
from core.cards import Answer
from core.duties.by_unit import units_named
from core.watch.kept import by_month
from handlers.chat.router import Router
from handlers.chat.turn import Turn
from handlers.chat.understanding.intents import Intent
from handlers.chat.views import in_time as views

_OF_UNIT = re.compile(
    r"(?P<name>\D{2,20}?)(?:這個月|上個月|最近|目前|現在|的)*準時(?:完成)?(?:率|幾成)(?:是|有|多少|如何|怎麼?樣|呢|嗎)*"
)

router = Router()


@router.says(Intent.IN_TIME.word, "我的準時率", "準時完成率", "如期率", "達成率", "完成率")
def in_time(turn: Turn) -> Answer:
    """Show the share of this month until now and of the whole last one; raises ``NotAllowed`` for who owes nothing."""
    return _shares(turn, None, "")


def asked_unit(text: str) -> str | None:
    """Return the unit in a normal text like 永平國小最近準時率多少; None: it names none."""
    found = _OF_UNIT.fullmatch(text)
    return found["name"] if found else None


@router.matches(asked_unit)
def of_unit(turn: Turn, name: str) -> Answer:
    """Show the shares of the one unit of this name, for who stands over it; of all that is seen where there is none."""
    found = units_named(turn.ctx, name, whole=False).rows if turn.ctx.actor.may(Action.WATCH_UNITS) else ()
    return _shares(turn, found[0].unit_id, found[0].name) if len(found) == 1 else in_time(turn)


def _shares(turn: Turn, unit_id: int | None, name: str) -> Answer:
    return views.shares(turn.ctx.today, *by_month(turn.ctx, unit_id), name)
