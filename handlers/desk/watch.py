"""統計: what is late, due and was done in time, how the helpdesk keeps its times, what became of messages.

Each number has its list, a share that of what it lacks. Each role sees what is theirs: a caseworker their unit, a
supervisor or contact their bureau, the Center all; the helpdesk its own work. The charts are pictures beside the tables
(``watch_charts.py``) and say nothing more.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from flask import request
from werkzeug.wrappers import Response

from core.access import Action
from core.context import Context
from core.duties.plans import DutyKind
from core.duties.watch import watch
from core.errors import NotFound
from core.notices.queries import LISTED, unreachable
from core.watch.due import due_weeks, late_now
from core.watch.helpdesk import DAYS, USUAL_DAYS, Clock, Outcome, kinds, times
from core.watch.kept import Kept, by_month, in_all, months
from core.watch.messages import SETTLED, messages_by_day
from core.watch.words import kept_words
from handlers.desk import views

_MONTHS = ("這個月到現在", "上個月")
HOUR, MINUTE = timedelta(hours=1), timedelta(minutes=1)


def show(ctx: Context) -> Response:
    """Show all numbers this role may see."""
    may, start, days = ctx.actor.may, views.start(), asked_days()
    watched = watch(ctx, views.asked_id("bureau"), start, views.ROWS) if may(Action.WATCH_UNITS) else None
    is_desk = may(Action.ANSWER_HELP)
    return views.page(
        "watch.html",
        watched=watched,
        bureau=views.asked_id("bureau"),
        pager=views.pager(watched.units.total, start, len(watched.units.rows)) if watched else None,
        unreached=unreachable(ctx) if may(Action.WATCH_UNITS) else None,
        listed=LISTED,
        weeks=due_weeks(ctx) if may(Action.SEE_DUTIES) else None,
        late=late_now(ctx) if may(Action.SEE_DUTIES) else None,
        kept=_kept(ctx) if may(Action.SEE_DUTIES) else None,
        days=days,
        days_to_choose=DAYS,
        times={clock: times(ctx, clock, days) for clock in Clock} if is_desk else None,
        outcomes=tuple(Outcome),
        kinds=kinds(ctx, days) if is_desk else None,
        messages=messages_by_day(ctx) if may(Action.SEE_MESSAGES) else None,
        fates=SETTLED,
        span_words=span_words,
    )


@dataclass(frozen=True)
class KeptMonth:
    """How much was done in time of what fell due from a day to another, and how much was not."""

    label: str
    first: date
    last: date
    words: str
    late: int


@dataclass(frozen=True)
class KeptRow:
    """The same of a kind, this month until now and in the last; no kind: of all."""

    label: str
    kind: DutyKind | None
    months: tuple[KeptMonth, ...]


def _kept(ctx: Context) -> tuple[KeptRow, ...]:
    """Return a row for all kinds, and one for each of which something fell due."""
    found = by_month(ctx)
    kinds = [kind for kind in DutyKind if any(kind in month for month in found)]
    none = Kept()
    return (
        _kept_row(ctx, "全部", None, [in_all(month) for month in found]),
        *(_kept_row(ctx, kind.label, kind, [month.get(kind, none) for month in found]) for kind in kinds),
    )


def _kept_row(ctx: Context, label: str, kind: DutyKind | None, found: Sequence[Kept]) -> KeptRow:
    spans = zip(_MONTHS, months(ctx.today), found, strict=True)
    shown = (KeptMonth(name, first, last, kept_words(kept), kept.late) for name, (first, last), kept in spans)
    return KeptRow(label, kind, tuple(shown))


def asked_days() -> int:
    """Return over how many days the helpdesk's numbers are asked; raises ``NotFound`` for a number not offered."""
    asked = request.args.get("days", str(USUAL_DAYS))
    found = next((days for days in DAYS if str(days) == asked), None)
    if found is None:
        raise NotFound
    return found


def span_words(span: timedelta | None) -> str:
    """Return working time as people say it: 3 小時 20 分, 不到 1 分; a dash where there is none."""
    if span is None:
        return "—"
    hours, minutes = span // HOUR, span % HOUR // MINUTE
    words = [f"{hours} 小時"] if hours else []
    words += [f"{minutes} 分"] if minutes else []
    return " ".join(words) or "不到 1 分"
