"""How quickly the helpdesk answers and solves, and what it is asked: of requests asked in the last days (HELP-6).

A number and the list behind it come from one condition (DUTY-2). Times are working time: the nights do not count, nor
does what a request waits for who asked.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import ColumnElement, and_, false, func, not_, or_, select
from sqlalchemy.orm import InstrumentedAttribute

from core.access import Action, require
from core.clock import start_of_day
from core.context import Context
from core.helpdesk import rules as help_rules
from core.helpdesk.models import HelpKind, HelpRequest
from core.helpdesk.queries import RequestRow, request_rows
from core.labels import Labelled
from core.paging import Page, clamped
from core.watch.rules import MEDIAN, NINETIETH, place_of, share

DAYS = (7, 30, 90)
USUAL_DAYS = 30


class Clock(Labelled):
    """A waiting time of the helpdesk."""

    ANSWER = "answer", "首次回覆"
    SOLUTION = "solution", "解決"


class Outcome(Labelled):
    """How a request stands to a waiting time."""

    IN_TIME = "in_time", "時限內"
    LATE = "late", "逾時限"
    RUNNING = "running", "時限未到"
    NONE = "none", "未回覆即結束"
    """It was ended, by who asked or without a word, before anybody answered."""


@dataclass(frozen=True)
class Times:
    """A waiting time over many requests; None where none was answered or solved."""

    counts: Mapping[Outcome, int]
    median: timedelta | None
    ninetieth: timedelta | None
    """Nine in ten took no longer."""

    @property
    def share_in_time(self) -> int | None:
        """The share in time in percent, of those in time or late; None where there are none."""
        return share(self.counts[Outcome.IN_TIME], self.counts[Outcome.LATE])


@dataclass(frozen=True)
class Wanted:
    """Which requests a list is of: asked in the last days, of a kind, with an outcome of a waiting time."""

    days: int
    kind: HelpKind | None = None
    clock: Clock | None = None
    outcome: Outcome | None = None


def times(ctx: Context, clock: Clock, days: int) -> Times:
    """Return how a waiting time was kept; raises ``NotAllowed``."""
    require(ctx.actor, Action.ANSWER_HELP)
    asked = _asked(ctx, days)
    columns = [func.count().filter(_has(ctx, clock, each)) for each in Outcome]
    counted = select(func.count(_took(clock)), *columns).select_from(HelpRequest).where(asked)
    done, *counts = ctx.session.execute(counted).one()
    middle, ninetieth = (
        _percentile(ctx, clock, asked, place_of(each, done)) if done else None for each in (MEDIAN, NINETIETH)
    )
    return Times(dict(zip(Outcome, counts, strict=True)), middle, ninetieth)


def kinds(ctx: Context, days: int) -> dict[HelpKind, int]:
    """Return how many requests of each kind were asked; raises ``NotAllowed``."""
    require(ctx.actor, Action.ANSWER_HELP)
    rows = ctx.session.execute(
        select(HelpRequest.kind, func.count()).where(_asked(ctx, days)).group_by(HelpRequest.kind)
    )
    found = {row[0]: row[1] for row in rows}
    return {kind: found.get(kind, 0) for kind in HelpKind}


def asked_among(ctx: Context, wanted: Wanted, start: int, limit: int) -> Page[RequestRow]:
    """Return the list behind a number, newest first; raises ``NotAllowed``. The names shown are audited."""
    require(ctx.actor, Action.ANSWER_HELP)
    where = _asked(ctx, wanted.days)
    if wanted.kind is not None:
        where = and_(where, HelpRequest.kind == wanted.kind)
    if wanted.clock is not None and wanted.outcome is not None:
        where = and_(where, _has(ctx, wanted.clock, wanted.outcome))
    total = ctx.session.scalar(select(func.count()).select_from(HelpRequest).where(where)) or 0
    newest = select(HelpRequest).where(where).order_by(HelpRequest.asked_at.desc(), HelpRequest.id.desc())
    rows = ctx.session.scalars(newest.offset(start).limit(clamped(limit))).all()
    return Page(total, request_rows(ctx, rows), start)


def _asked(ctx: Context, days: int) -> ColumnElement[bool]:
    """Return the condition that a request was asked in the last days, today among them."""
    return HelpRequest.asked_at >= start_of_day(ctx.today - timedelta(days=days - 1))


def _has(ctx: Context, clock: Clock, outcome: Outcome) -> ColumnElement[bool]:
    """Return the condition of an outcome: each request has exactly one for each clock."""
    took = _took(clock)
    allowed = help_rules.answer_span(ctx.policy) if clock is Clock.ANSWER else help_rules.solve_span(ctx.policy)
    in_time = and_(took.is_not(None), took <= allowed.total_seconds())
    late = or_(took > allowed.total_seconds(), and_(took.is_(None), _is_overdue(ctx, clock)))
    none = and_(took.is_(None), HelpRequest.solved_at.is_not(None))
    match outcome:
        case Outcome.IN_TIME:
            return in_time
        case Outcome.LATE:
            return late
        case Outcome.NONE:
            return none
        case Outcome.RUNNING:
            return and_(took.is_(None), not_(_is_overdue(ctx, clock)), not_(none))


def _took(clock: Clock) -> InstrumentedAttribute[int | None]:
    return HelpRequest.answered_in if clock is Clock.ANSWER else HelpRequest.solved_in


def _is_overdue(ctx: Context, clock: Clock) -> ColumnElement[bool]:
    """Return the condition that the time has run out, or had when it came to stand still."""
    if clock is Clock.ANSWER:
        return func.coalesce(HelpRequest.answer_due_at < ctx.now, false())
    return or_(func.coalesce(HelpRequest.solve_due_at < ctx.now, false()), HelpRequest.solve_left < 0)


def _percentile(ctx: Context, clock: Clock, asked: ColumnElement[bool], place: int) -> timedelta | None:
    """Return the waiting time that stands at this place in order; None where there is none."""
    took = _took(clock)
    in_order = select(took).where(asked, took.is_not(None)).order_by(took).offset(place).limit(1)
    value = ctx.session.scalar(in_order)
    return None if value is None else timedelta(seconds=value)
