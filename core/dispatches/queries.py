"""What is asked about dispatches: how many stand in each bucket, which they are, and one case (REPLY-2, DUTY-2).

Each bucket is one condition, used by its count and by its list: ``_owes`` on the open duties, or the states that
``_states`` names. What is owed is counted in one pass over the index of open duties, so it costs what is owed; what is
settled is a sum that is kept (``tallies``), so neither costs what exists. Names leave here masked, and every list shown
is in the audit.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from heapq import merge
from itertools import islice

from sqlalchemy import ColumnElement, and_, bindparam, func, select

from core.access import Action, require
from core.clock import taipei_date
from core.context import Context
from core.database import UtcDateTime
from core.dispatches import rules, tallies
from core.dispatches.models import (
    Case,
    CaseLight,
    Dispatch,
    DispatchBucket,
    DispatchState,
    FormState,
    Opened,
    Opening,
    Reply,
)
from core.duties.models import Duty, SubjectKind
from core.duties.plans import DutyKind
from core.duties.returns import returned_because
from core.errors import NotAllowed, NotFound
from core.masking import mask_name
from core.newest import Pile, newest
from core.paging import Page, clamped
from core.scoping import within
from core.secrets import Sealed, folded

NO_CASE = 0
PARTS_AT_MOST = 20
OWED = {
    DispatchBucket.WAITING: (DutyKind.REPLY, False),
    DispatchBucket.LATE: (DutyKind.REPLY, True),
    DispatchBucket.RETURNED: (DutyKind.RETURNED_REPLY, False),
    DispatchBucket.RETURNED_LATE: (DutyKind.RETURNED_REPLY, True),
}
SETTLED = {
    DispatchBucket.TO_REVIEW: frozenset({DispatchState.SUBMITTED}),
    DispatchBucket.ANSWERED: rules.ANSWERED,
    DispatchBucket.CLOSED: frozenset({DispatchState.CLOSED}),
}

BY_DAY = Pile(Dispatch.unit_id, Dispatch.dispatched_on, Dispatch.id)


@dataclass(frozen=True)
class Latest:
    """What happened last to the reply of a dispatch: sent, approved or returned, and on which day."""

    on: date
    state: FormState


@dataclass(frozen=True)
class DispatchRow:
    """One dispatch as lists and cards show it; names are masked."""

    dispatch_id: int
    number: str
    child: str
    served: str
    """The child to serve where it is another; empty: the report's."""
    unit_name: str
    dispatched_on: date
    state: DispatchState
    opening: Opening | None
    responsible: str
    needs_assessment: bool
    duty_id: int | None
    due_at: datetime | None
    """The last moment in time; None: nothing is owed."""
    latest: Latest | None = None
    """Of one case only, not of lists; None: nothing is known since it was dispatched."""
    reason: str = ""
    """Why its reply was returned, masked; empty where it was not, or the main system alone knows."""


@dataclass(frozen=True)
class ReturnedClosure:
    """That a unit's closure of the case came back, and why."""

    unit_name: str
    reason: str


@dataclass(frozen=True)
class CaseView:
    """A case, as far as the asker's units have part in it; its light is that of all units (REC-7)."""

    number: str
    child: str
    reported_by: str
    received_on: date
    area: str
    light: CaseLight
    parts: tuple[DispatchRow, ...]
    """Newest dispatch first."""
    closures: tuple[ReturnedClosure, ...] = ()
    assigned: rules.Assignment | None = None
    """How the intake kept its clock (REPLY-16): for the Center, whose clock it is."""


def buckets(ctx: Context) -> dict[DispatchBucket, int]:
    """Return how many dispatches stand in each bucket; raises ``NotAllowed`` without the permission.

    To be reviewed is among them for who reviews, and counts apart from what is answered then (REPLY-2).
    """
    require(ctx.actor, Action.SEE_DISPATCHES)
    owed = _owed_counts(ctx)
    stand = tallies.SUMS.by_state(ctx.session, ctx.actor.units)
    settled = {bucket: sum(stand[state] for state in _states(ctx, bucket)) for bucket in SETTLED}
    return {bucket: (owed | settled)[bucket] for bucket in DispatchBucket if _is_asked(ctx, bucket)}


def in_bucket(ctx: Context, bucket: DispatchBucket, start: int = 0, limit: int = 10) -> Page[DispatchRow]:
    """Return some rows of a bucket: what is owed by due moment, what is settled newest first; raises ``NotAllowed``."""
    require(ctx.actor, Action.SEE_DISPATCHES)
    if not _is_asked(ctx, bucket):
        raise NotAllowed
    total, rows = _owed_page(ctx, bucket, start, limit) if bucket in OWED else _settled_page(ctx, bucket, start, limit)
    ctx.note_rows("list_dispatches", "dispatches", [row.dispatch_id for row in rows], ("child_name", "served"))
    return Page(total, rows, start)


def case_of(ctx: Context, number: str) -> CaseView:
    """Return a case by its number, as typed; raises ``NotFound`` where none of the asker's units has part in it."""
    require(ctx.actor, Action.SEE_DISPATCHES)
    case = ctx.session.scalar(select(Case).where(Case.number == folded(number)))
    parts = _parts(ctx, case.id if case else NO_CASE)  # asked for in vain too: time does not tell which exist (A24)
    if case is None or not parts:
        raise NotFound
    closures = _closures(ctx, case)
    shown = ("child_name", "reported_by", "area", "served", "responsible")
    has_reason = bool(closures) or any(part.reason for part in parts)
    ctx.note("show_case", f"case:{case.number}", (*shown, "reason") if has_reason else shown)
    return CaseView(
        number=case.number,
        child=_masked(ctx, case.child_name),
        reported_by=case.reported_by,
        received_on=case.received_on,
        area=case.area,
        light=rules.case_light(_all_parts(ctx, case)),
        parts=parts,
        closures=closures,
        assigned=_assigned(ctx, case) if ctx.actor.units.everything else None,
    )


def _is_asked(ctx: Context, bucket: DispatchBucket) -> bool:
    return bucket is not DispatchBucket.TO_REVIEW or ctx.actor.may(Action.REVIEW_REPLIES)


def _states(ctx: Context, bucket: DispatchBucket) -> frozenset[DispatchState]:
    """Return the states a settled bucket holds, for who asks: what stands in another of their buckets is not in it."""
    if bucket is DispatchBucket.ANSWERED and _is_asked(ctx, DispatchBucket.TO_REVIEW):
        return SETTLED[bucket] - SETTLED[DispatchBucket.TO_REVIEW]
    return SETTLED[bucket]


def _owes(bucket: DispatchBucket, now: datetime | ColumnElement[datetime]) -> ColumnElement[bool]:
    """Return which of the open duties about dispatches a bucket holds."""
    kind, late = OWED[bucket]
    return and_(Duty.kind == kind, Duty.due_at < now if late else Duty.due_at >= now)


def _owed_counts(ctx: Context) -> dict[DispatchBucket, int]:
    """Count what is owed in one pass over the open duties.

    These kinds are owed for dispatches alone; asked for the subject too, SQLite goes through those of all units.
    """
    units = ctx.actor.units
    counted = _OWED_OF_ALL if units.everything else _OWED_OF_UNITS
    return dict(zip(OWED, ctx.session.execute(counted, {"now": ctx.now, "units": units.ids}).one(), strict=True))


def _owed_page(ctx: Context, bucket: DispatchBucket, start: int, limit: int) -> tuple[int, tuple[DispatchRow, ...]]:
    mine = (_is_open(_owes(bucket, ctx.now)), within(ctx.actor.units, Duty.unit_id))
    total = ctx.session.scalar(select(func.count()).select_from(Duty).where(*mine)) or 0
    listed = select(Dispatch, Duty).join(Duty, Dispatch.id == Duty.subject_id).where(*mine)
    found = ctx.session.execute(listed.order_by(Duty.due_at, Duty.id).offset(start).limit(clamped(limit)))
    return total, _with_reasons(ctx, [_row(ctx, dispatch, duty) for dispatch, duty in found])


def _settled_page(ctx: Context, bucket: DispatchBucket, start: int, limit: int) -> tuple[int, tuple[DispatchRow, ...]]:
    """Return the newest rows of each state, merged; only the rows that are shown are loaded."""
    states = _states(ctx, bucket)
    total = tallies.SUMS.counted(ctx.session, ctx.actor.units, states)
    until = start + clamped(limit)
    piles = (newest(ctx.session, ctx.actor.units, BY_DAY, Dispatch.state == state, until) for state in states)
    ids = [dispatch_id for _, dispatch_id in islice(merge(*piles, reverse=True), start, until)]
    rows = {row.id: row for row in ctx.session.scalars(select(Dispatch).where(Dispatch.id.in_(ids)))}
    return total, tuple(_row(ctx, rows[each], None) for each in ids)


def _is_open(about: ColumnElement[bool]) -> ColumnElement[bool]:
    return and_(Duty.ended_at.is_(None), Duty.subject_kind == SubjectKind.DISPATCH, about)


def _parts(ctx: Context, case_id: int) -> tuple[DispatchRow, ...]:
    query = (
        select(Dispatch, Duty)
        .outerjoin(Duty, _is_open(Duty.subject_id == Dispatch.id))
        .where(Dispatch.case_id == case_id, within(ctx.actor.units, Dispatch.unit_id))
        .order_by(Dispatch.dispatched_on.desc(), Dispatch.id.desc())
        .limit(PARTS_AT_MOST)
    )
    found = ctx.session.execute(query).all()
    latest = _latest(ctx, [row[0] for row in found])
    return _with_reasons(ctx, [replace(_row(ctx, row[0], row[1]), latest=latest.get(row[0].id)) for row in found])


def _with_reasons(ctx: Context, rows: Sequence[DispatchRow]) -> tuple[DispatchRow, ...]:
    """Return the rows, those that were returned with the reason."""
    returned = [row.dispatch_id for row in rows if row.state is DispatchState.RETURNED]
    reasons = returned_because(ctx, DutyKind.RETURNED_REPLY, returned)
    return tuple(replace(row, reason=reasons.get(row.dispatch_id, "")) for row in rows)


def _closures(ctx: Context, case: Case) -> tuple[ReturnedClosure, ...]:
    """Return which closures of the family came back to the asker's units, and why."""
    if case.family_id is None:
        return ()
    mine = (Opened.family_id == case.family_id, Opened.closed_on.is_(None), within(ctx.actor.units, Opened.unit_id))
    names = {row.id: row.unit.name for row in ctx.session.scalars(select(Opened).where(*mine).limit(PARTS_AT_MOST))}
    reasons = returned_because(ctx, DutyKind.RETURNED_CLOSURE, names)
    return tuple(ReturnedClosure(names[each], why) for each, why in sorted(reasons.items()))


def _latest(ctx: Context, parts: Collection[Dispatch]) -> Mapping[int, Latest]:
    """Return what happened last to the reply of each of these; a return may be known from the main system alone."""
    sent = (
        select(Reply.dispatch_id, Reply.state, func.coalesce(Reply.decided_at, Reply.submitted_at).label("at"))
        .where(Reply.dispatch_id.in_([row.id for row in parts]), Reply.state != FormState.DRAFT)
        .order_by(Reply.id)
    )
    here = {row.dispatch_id: Latest(taipei_date(row.at), row.state) for row in ctx.session.execute(sent)}
    return here | {row.id: Latest(taipei_date(row.returned_at), FormState.RETURNED) for row in parts if row.returned_at}


def _all_parts(ctx: Context, case: Case) -> Iterable[rules.Part]:
    """Return each unit's part, whoever asks: no limit, for the light is wrong without one of them; they are a few."""
    found = ctx.session.execute(select(Dispatch.state, Dispatch.opening).where(Dispatch.case_id == case.id).distinct())
    return [rules.Part(row.state, row.opening) for row in found]


def _assigned(ctx: Context, case: Case) -> rules.Assignment | None:
    days = select(Dispatch.dispatched_on).where(Dispatch.case_id == case.id)
    return rules.assignment(case.received_on, ctx.session.scalars(days.distinct()))


def _row(ctx: Context, dispatch: Dispatch, duty: Duty | None) -> DispatchRow:
    return DispatchRow(
        dispatch_id=dispatch.id,
        number=dispatch.case.number,
        child=_masked(ctx, dispatch.case.child_name),
        served=_masked(ctx, dispatch.served),
        unit_name=dispatch.unit.name,
        dispatched_on=dispatch.dispatched_on,
        state=dispatch.state,
        opening=dispatch.opening,
        responsible=_masked(ctx, dispatch.responsible),
        needs_assessment=dispatch.needs_assessment,
        duty_id=duty.id if duty else None,
        due_at=duty.due_at if duty else None,
    )


def _masked(ctx: Context, name: Sealed | None) -> str:
    return mask_name(ctx.vault.open(name)) if name else ""


# Made once: every list of what is owed begins with it.
_NOW = bindparam("now", type_=UtcDateTime())
_OWED_OF_ALL = select(*(func.count().filter(_owes(bucket, _NOW)) for bucket in OWED)).where(
    Duty.ended_at.is_(None), Duty.kind.in_({kind for kind, _ in OWED.values()})
)
_OWED_OF_UNITS = _OWED_OF_ALL.where(Duty.unit_id.in_(bindparam("units", expanding=True)))
