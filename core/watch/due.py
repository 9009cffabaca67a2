"""When what is owed is due: so much in each of the next weeks, and the list behind each number (DUTY-2, ACC-10).

What units owe, of what the asker sees: a caseworker their unit's, a supervisor the bureau's, the Center all. What is
late already is not among it; that is counted by bureau and unit (``core/duties/watch.py``).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from sqlalchemy import ColumnElement, and_

from core.access import Action, require
from core.clock import end_of_day, start_of_day
from core.context import Context
from core.duties.models import Duty
from core.duties.queries import Owed, looked_up, note_shown
from core.paging import clamped
from core.watch.rules import Span, weeks_ahead


@dataclass(frozen=True)
class Week:
    """How much falls due within some days."""

    span: Span
    owed: int


def due_weeks(ctx: Context) -> tuple[Week, ...]:
    """Return how much falls due in each of the next weeks, and later; raises ``NotAllowed``."""
    require(ctx.actor, Action.SEE_DUTIES)
    return tuple(Week(span, looked_up(ctx, _falls(ctx, span), 0, 0).total) for span in weeks_ahead(ctx.today))


def late_now(ctx: Context) -> int:
    """Return how much of what units owe is late; raises ``NotAllowed``."""
    require(ctx.actor, Action.SEE_DUTIES)
    return looked_up(ctx, and_(Duty.unit_id.is_not(None), Duty.due_at < ctx.now), 0, 0).total


def due_between(ctx: Context, first: date, last: date | None, start: int, limit: int) -> Owed:
    """Return the list behind a number, in order of the due moment; raises ``NotAllowed``."""
    require(ctx.actor, Action.SEE_DUTIES)
    found = looked_up(ctx, _falls(ctx, Span(first, last)), start, clamped(limit))
    note_shown(ctx, found.rows)
    return found


def _falls(ctx: Context, span: Span) -> ColumnElement[bool]:
    """Return the condition that something of a unit's is due within these days, and not late yet."""
    since = max(start_of_day(span.first), ctx.now)
    within = and_(Duty.unit_id.is_not(None), Duty.due_at >= since)
    return within if span.last is None else and_(within, Duty.due_at <= end_of_day(span.last))
