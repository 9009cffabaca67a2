"""What became of notices on each of the last days, and the list behind each number (DUTY-2)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import ColumnElement, and_, case, func, select

from core.access import Action, require
from core.clock import end_of_day, start_of_day
from core.context import Context
from core.notices.figures import STATES, Fate, NoticeRow, listed
from core.notices.models import Notice
from core.paging import Page

DAYS_BACK = 14
SETTLED = (Fate.ACCEPTED, Fate.DROPPED, Fate.FAILED)
_FATES = {state: fate for fate in SETTLED for state in STATES[fate]}


@dataclass(frozen=True)
class Day:
    """How many notices met each fate on a day."""

    on: date
    counts: Mapping[Fate, int]


def messages_by_day(ctx: Context) -> tuple[Day, ...]:
    """Return the last fourteen days, today last; raises ``NotAllowed``."""
    require(ctx.actor, Action.SEE_MESSAGES)
    days = [ctx.today - timedelta(days=back) for back in reversed(range(DAYS_BACK))]
    found = _counts(ctx, days)
    return tuple(Day(day, {fate: found[number, fate] for fate in SETTLED}) for number, day in enumerate(days, 1))


def messages_on(ctx: Context, day: date, fate: Fate, start: int, limit: int) -> Page[NoticeRow]:
    """Return the list behind a number, newest first; raises ``NotAllowed``."""
    return listed(ctx, and_(_on(day), Notice.state.in_(STATES[fate])), start, limit)


def _counts(ctx: Context, days: list[date]) -> Counter[tuple[int, Fate]]:
    """Count in one pass: a day's number is how many of the days have begun when a notice was settled."""
    begun: ColumnElement[int] = sum(
        (case((Notice.settled_at >= start_of_day(day), 1), else_=0) for day in days[1:]),
        start=case((Notice.settled_at >= start_of_day(days[0]), 1), else_=0),
    )
    number = begun.label("number")
    since = and_(Notice.settled_at >= start_of_day(days[0]), Notice.settled_at <= end_of_day(days[-1]))
    rows = ctx.session.execute(select(number, Notice.state, func.count()).where(since).group_by(number, Notice.state))
    found: Counter[tuple[int, Fate]] = Counter()
    for day_number, state, count in rows:
        if state in _FATES:
            found[day_number, _FATES[state]] += count
    return found


def _on(day: date) -> ColumnElement[bool]:
    return and_(Notice.settled_at >= start_of_day(day), Notice.settled_at <= end_of_day(day))
