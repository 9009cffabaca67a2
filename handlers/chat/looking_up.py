"""What stands behind a typed number: a case, else a check, each only as far as the asker may see it."""

from __future__ import annotations

from core.access import Action
from core.cards import Answer, Tone
from core.checks.notices import check_answer
from core.checks.queries import check_of
from core.context import Context
from core.dispatches.notices import case_answer
from core.dispatches.queries import case_of
from core.duties.notices import due_tone
from core.duties.numbered import owed_about
from core.duties.plans import DutyKind
from core.duties.queries import OwedRow
from core.duties.returns import KINDS as RETURNED
from core.errors import NotFound
from handlers.chat.views import cases as views

_SAID = frozenset({DutyKind.REPLY, DutyKind.RETURNED_REPLY})
"""What the state of a dispatch says by itself."""
MOST = 3  # duties that a case's card names


def look_up(ctx: Context, number: str) -> Answer:
    """Return the case or the check of a number; raises ``NotFound`` for none, and for another unit's alike.

    Raises ``NotAllowed`` where it is no check of theirs and they may see no case, whether or not there is one.
    """
    if not ctx.actor.may(Action.SEE_CHECKS):
        return shown_case(ctx, number)
    order = _ORDER if ctx.actor.may(Action.SEE_DISPATCHES) else _ORDER[::-1]
    try:
        return order[0](ctx, number)
    except NotFound:
        return order[1](ctx, number)


def shown_case(ctx: Context, number: str) -> Answer:
    """Return a case, and what is owed about it now where the state of its dispatches does not say so.

    Raises ``NotFound`` for none, and for another unit's alike, and ``NotAllowed``.
    """
    shown = case_answer(case_of(ctx, number), ctx.now)
    rows = owed_about(ctx, number, MOST).rows if ctx.actor.may(Action.SEE_DUTIES) else ()
    return views.with_owed(shown, [row for row in rows if row.kind not in _SAID and _presses(row)])


def _presses(row: OwedRow) -> bool:
    """Return whether a duty has to be seen to now: it is late or soon will be, or came back."""
    return due_tone(row) is not Tone.PLAIN or row.kind in RETURNED


def _check(ctx: Context, number: str) -> Answer:
    return check_answer(check_of(ctx, number), ctx.now)


_ORDER = (shown_case, _check)
