"""What stands behind a typed number: a case, else a check, each only as far as the asker may see it."""

from __future__ import annotations

from core.access import Action
from core.cards import Answer
from core.checks.notices import check_answer
from core.checks.queries import check_of
from core.context import Context
from core.dispatches.notices import case_answer
from core.dispatches.queries import case_of
from core.errors import NotFound


def look_up(ctx: Context, number: str) -> Answer:
    """Return the case or the check of a number; raises ``NotFound`` for none, and for another unit's alike.

    Raises ``NotAllowed`` where it is no check of theirs and they may see no case, whether or not there is one.
    """
    if not ctx.actor.may(Action.SEE_CHECKS):
        return _case(ctx, number)
    order = _ORDER if ctx.actor.may(Action.SEE_DISPATCHES) else _ORDER[::-1]
    try:
        return order[0](ctx, number)
    except NotFound:
        return order[1](ctx, number)


def _case(ctx: Context, number: str) -> Answer:
    return case_answer(case_of(ctx, number), ctx.now)


def _check(ctx: Context, number: str) -> Answer:
    return check_answer(check_of(ctx, number), ctx.now)


_ORDER = (_case, _check)
