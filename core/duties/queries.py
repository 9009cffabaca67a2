"""What is asked about duties: what somebody owes, worst first, and whether it is still owed; by who asks (ACC-10)."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import lru_cache
from typing import cast

from sqlalchemy import ColumnElement, Table, and_, bindparam, case, false, func, or_, select, true

from core.access import Action, Actor
from core.among import one_of
from core.clock import end_of_day, start_of_day, taipei_date
from core.context import Context
from core.database import UtcDateTime
from core.duties import rules
from core.duties.models import Duty, SubjectKind
from core.duties.plans import DutyKind
from core.duties.returns import KINDS as RETURNED_KINDS
from core.duties.returns import returned_because
from core.duties.subjects import subjects_of, unit_names
from core.errors import NotFound
from core.notices.models import Urgency
from core.notices.rules import not_before
from core.records.kinds import WindowPolicy
from core.records.models import RecordWindow
from core.scoping import within

CHECK_KINDS = frozenset({DutyKind.CHECK, DutyKind.RETURNED_CHECK})
CASE_KINDS = frozenset(
    {
        DutyKind.REPLY,
        DutyKind.RETURNED_REPLY,
        DutyKind.RECORD_WINDOW,
        DutyKind.RETURNED_CLOSURE,
        DutyKind.CLOSURE_IN_MONTH,
        DutyKind.FOLLOW_TO_JULY,
    }
)


@dataclass(frozen=True)
class OwedRow:
    """One duty as a screen shows it; ``child`` is masked, or empty where a duty is about an account."""

    duty_id: int
    kind: DutyKind
    number: str
    """The case's or check's number, or the account's code."""
    child: str
    unit_name: str
    counted_from: datetime
    due_at: datetime
    is_late: bool
    days_left: int
    """Whole days in Taipei until the due day; negative for days gone."""
    remind_at: datetime | None = None
    """When it is told next: the first instant of a day where it waits for that day's digest; None: no more, or now."""
    reason: str = ""
    """Why it was returned, masked; empty where it was not, or the main system alone knows."""


@dataclass(frozen=True)
class Owed:
    """How much is owed, how much of it is late, and some of its rows in order of the due moment."""

    total: int
    late: int
    rows: tuple[OwedRow, ...]


@dataclass(frozen=True)
class WindowFacts:
    """Which window of a service a duty is about: its index, from 0 on, and the dispatch it is counted from."""

    place: int
    dispatched_on: date
    policy: WindowPolicy


@dataclass(frozen=True)
class DutyFacts:
    """What a deadline was reckoned from, for its working."""

    kind: DutyKind
    counted_from: datetime
    due_at: datetime
    window: WindowFacts | None = None
    """Of a window's duty only."""
    is_ended: bool = False


def owed(ctx: Context, start: int, limit: int) -> Owed:
    """Return what the actor sees as owed: the numbers of all of it, and the rows from ``start`` on (DUTY-2).

    An account's end counts from the day on which its extension can be asked for (ACC-6), a certificate's from its first
    reminder (ACC-11): before, nothing can be done.
    """
    return _owed(ctx, can_be_done(ctx), start, limit)


def can_be_done(ctx: Context) -> ColumnElement[bool]:
    """Return the condition that something can be done about a duty by now: not about an end that is far off."""
    first = max(ctx.policy.plan(DutyKind.CERTIFICATE_END).days_before, default=0)
    return _can_be_done(ctx.today, ctx.policy.extension_days_before, first)


@lru_cache(maxsize=8)  # a day's, and the next one's
def _can_be_done(today: date, account_days: int, certificate_days: int) -> ColumnElement[bool]:
    account_until = end_of_day(today + timedelta(days=account_days))
    certificate_until = end_of_day(today + timedelta(days=certificate_days))
    return and_(
        or_(Duty.kind != DutyKind.ACCOUNT_END, Duty.due_at <= account_until),
        or_(Duty.kind != DutyKind.CERTIFICATE_END, Duty.due_at <= certificate_until),
    )


def pressing(until: datetime) -> ColumnElement[bool]:
    """Return the condition that a duty is late or due by ``until``.

    Checks too, though they are told at once: what stands in their figures stands in the list as well (DUTY-2).
    """
    return Duty.due_at <= until


def owed_until(ctx: Context, until: datetime, limit: int) -> Owed:
    """Return what is owed that is due by a moment, late ones first: what ``owed`` counts, as far as that moment."""
    return _owed(ctx, and_(can_be_done(ctx), pressing(until)), 0, limit)


def owed_on(ctx: Context, day: date, limit: int) -> Owed:
    """Return what is owed that arose or is due on a day."""
    first, last = start_of_day(day), end_of_day(day)
    on_day = or_(Duty.counted_from.between(first, last), Duty.due_at.between(first, last))
    return _owed(ctx, and_(can_be_done(ctx), on_day), 0, limit)


def owed_among(ctx: Context, duty_ids: Collection[int], limit: int) -> Owed:
    """Return which of these duties are still owed and seen by the actor."""
    return _owed(ctx, Duty.id.in_(duty_ids), 0, limit)


def owed_by_units(
    ctx: Context, unit_ids: Collection[int] | None, start: int, limit: int, *, late_only: bool = False
) -> Owed:
    """Return what these units owe (None: all that the actor sees), or only what of it is late: as counted by unit."""
    units = Duty.unit_id.is_not(None) if unit_ids is None else Duty.unit_id.in_(unit_ids)
    return _owed(ctx, and_(units, Duty.due_at < ctx.now) if late_only else units, start, limit)


def owed_of_kind(ctx: Context, kind: DutyKind, start: int, limit: int, *, late_only: bool) -> Owed:
    """Return what is owed of one kind, as ``counts_by_kind`` counts it, or only what of it is late."""
    wanted = and_(can_be_done(ctx), Duty.kind == kind)
    return _owed(ctx, and_(wanted, Duty.due_at < ctx.now) if late_only else wanted, start, limit)


def owed_by_oneself(ctx: Context, limit: int) -> Owed:
    """Return what of all that is owed no unit owes, but the actor's own account."""
    return _owed(ctx, and_(can_be_done(ctx), Duty.unit_id.is_(None)), 0, limit)


def facts_of(ctx: Context, duty_id: int) -> DutyFacts:
    """Return what a deadline was reckoned from, open or ended; raises ``NotFound`` when it is not the actor's."""
    of_desk = Duty.subject_kind == SubjectKind.HELP if ctx.actor.may(Action.ANSWER_HELP) else false()
    duty = ctx.session.scalar(select(Duty).where(Duty.id == duty_id, or_(_seen_by(ctx.actor), of_desk)))
    if duty is None:
        raise NotFound
    is_ended = duty.ended_at is not None
    return DutyFacts(duty.kind, duty.counted_from, duty.due_at, _window_of(ctx, duty), is_ended)


def seen_duty(ctx: Context, duty_id: int) -> Duty:
    """Return a duty, open or ended; raises ``NotFound`` when it is not the actor's (ACC-10)."""
    duty = ctx.session.scalar(select(Duty).where(Duty.id == duty_id, _seen_by(ctx.actor)))
    if duty is None:
        raise NotFound
    return duty


def numbers_of(ctx: Context, duties: Sequence[Duty]) -> dict[int, str]:
    """Return what each duty is about: the case's or check's number, or the account's code; for who may see them."""
    subjects = subjects_of(ctx, duties)
    return {duty.id: subjects[duty.subject_kind, duty.subject_id].number for duty in duties}


def _window_of(ctx: Context, duty: Duty) -> WindowFacts | None:
    window = ctx.session.get(RecordWindow, duty.subject_id) if duty.subject_kind is SubjectKind.WINDOW else None
    return None if window is None else WindowFacts(window.place, window.starts_on, window.policy)


def _owed(ctx: Context, wanted: ColumnElement[bool], start: int, limit: int) -> Owed:
    found = looked_up(ctx, wanted, start, limit)
    note_shown(ctx, found.rows)
    return found


def looked_up(ctx: Context, wanted: ColumnElement[bool], start: int, limit: int) -> Owed:
    """Return what of this the actor sees as owed, for somebody who notes whom it is shown to (``note_shown``)."""
    where = and_(is_open_to(ctx.actor), wanted)
    total, late = ctx.session.execute(_NUMBERS.where(where), {"now": ctx.now}).one()
    duties = ctx.session.scalars(_PAGE.where(where), {"start": start, "limit": limit}).all()
    return Owed(total, late, rows_of(ctx, duties))


def late_ones(ctx: Context) -> ColumnElement[int]:
    """Return how many of the duties asked for are late."""
    return _late_by(ctx.now)


def _late_by(now: datetime | ColumnElement[datetime]) -> ColumnElement[int]:
    return func.coalesce(func.sum(case((Duty.due_at < now, 1), else_=0)), 0)


@lru_cache(maxsize=1024)  # one answer asks it several times, and whoever writes once writes again
def is_open_to(actor: Actor) -> ColumnElement[bool]:
    """Return the condition that a duty is open, known here, and seen by this actor (ACC-10)."""
    return and_(Duty.ended_at.is_(None), is_known(), _seen_by(actor))


def is_known() -> ColumnElement[bool]:
    """Return the condition that a duty is of a kind known here: others are left to a newer version (A61)."""
    return _KNOWN


def _seen_by(actor: Actor) -> ColumnElement[bool]:
    """Return the condition of what an actor sees: duties of their units by permission, and their account's own."""
    if actor.is_system:
        return true()
    units = and_(Duty.unit_id.is_not(None), within(actor.units, Duty.unit_id))
    own = and_(Duty.unit_id.is_(None), Duty.account_id == actor.account_id) if actor.account_id else false()
    return or_(and_(one_of(_KIND, sorted(kinds_seen(actor))), units), own)


def kinds_seen(actor: Actor) -> frozenset[DutyKind]:
    """Return of which kinds an actor sees the duties of their units: by permission."""
    checks = CHECK_KINDS if actor.may(Action.SEE_CHECKS) else frozenset[DutyKind]()
    return checks | (CASE_KINDS if actor.may(Action.SEE_DISPATCHES) else frozenset[DutyKind]())


def rows_of(ctx: Context, duties: Sequence[Duty]) -> tuple[OwedRow, ...]:
    """Return duties as a screen shows them, for who asked for them and notes whom they are shown to."""
    subjects = subjects_of(ctx, duties)
    units = unit_names(ctx, duties)
    reasons = _reasons(ctx, duties)
    return tuple(
        OwedRow(
            duty_id=duty.id,
            kind=duty.kind,
            number=(about := subjects[duty.subject_kind, duty.subject_id]).number,
            child=about.child,
            unit_name=units.get(duty.unit_id, ""),
            counted_from=duty.counted_from,
            due_at=duty.due_at,
            is_late=rules.is_late(duty.due_at, ctx.now),
            days_left=rules.days_left(duty.due_at, ctx.now),
            remind_at=_told_next(ctx, duty),
            reason=reasons.get(duty.id, ""),
        )
        for duty in duties
    )


def _reasons(ctx: Context, duties: Sequence[Duty]) -> dict[int, str]:
    """Return why what came back came back, by duty."""
    found: dict[int, str] = {}
    for kind in RETURNED_KINDS & {duty.kind for duty in duties}:
        mine = {duty.subject_id: duty.id for duty in duties if duty.kind is kind}
        found |= {mine[subject]: why for subject, why in returned_because(ctx, kind, mine).items()}
    return found


def _told_next(ctx: Context, duty: Duty) -> datetime | None:
    """Return when the owner hears of it next: what falls into the quiet hours comes at their end, not at night.

    The beginning of a day stays as it is: that day's digest tells of it.
    """
    at = duty.remind_at
    if at is None or at <= ctx.now:
        return None
    return at if at == start_of_day(taipei_date(at)) else not_before(Urgency.AT_ONCE, at, ctx.policy)


def note_shown(ctx: Context, rows: Sequence[OwedRow]) -> None:
    """Write who was shown which duties: masked names are personal data too."""
    ctx.note_rows("show_duties", "duties", [row.duty_id for row in rows], ("number", "child_name"))
    ctx.note_rows("show_duties", "duties", [row.duty_id for row in rows if row.reason], ("reason",))


# Made once: every list of what is owed asks these.
_KIND = cast("Table", Duty.__table__).c.kind
_KNOWN = one_of(_KIND, DutyKind)
_NUMBERS = select(func.count(), _late_by(bindparam("now", type_=UtcDateTime()))).select_from(Duty)
_PAGE = select(Duty).order_by(Duty.due_at, Duty.id).offset(bindparam("start")).limit(bindparam("limit"))
