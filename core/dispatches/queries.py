"""What is asked about dispatches: how many stand in each bucket, which they are, and one case (REPLY-2, DUTY-2).

Each bucket is one condition, ``_of``, used by its count and by its list. What is owed is found over the index of open
duties, so it costs what is owed and not what exists. Names leave here masked, and every list shown is in the audit.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import TypeVarTuple

from sqlalchemy import ColumnElement, Select, and_, func, select

from core.access import Action, require
from core.context import Context
from core.dispatches import rules
from core.dispatches.models import Case, CaseLight, Dispatch, DispatchBucket, DispatchState, Opening
from core.duties.models import Duty, SubjectKind
from core.duties.plans import DutyKind
from core.errors import NotFound
from core.masking import mask_name
from core.paging import Page, clamped
from core.scoping import within
from core.secrets import Sealed, folded

PARTS_AT_MOST = 20
OWED = {
    DispatchBucket.WAITING: (DutyKind.REPLY, False),
    DispatchBucket.LATE: (DutyKind.REPLY, True),
    DispatchBucket.RETURNED: (DutyKind.RETURNED_REPLY, False),
    DispatchBucket.RETURNED_LATE: (DutyKind.RETURNED_REPLY, True),
}
SETTLED = {
    DispatchBucket.ANSWERED: (DispatchState.ANSWERED, DispatchState.SUBMITTED),
    DispatchBucket.CLOSED: (DispatchState.CLOSED,),
}

Asked = TypeVarTuple("Asked")


@dataclass(frozen=True)
class DispatchRow:
    """One dispatch as lists and cards show it; names are masked."""

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


def buckets(ctx: Context) -> dict[DispatchBucket, int]:
    """Return how many dispatches stand in each bucket; raises ``NotAllowed`` without the permission."""
    require(ctx.actor, Action.SEE_DISPATCHES)
    return {bucket: _count(ctx, bucket) for bucket in DispatchBucket}


def in_bucket(ctx: Context, bucket: DispatchBucket, start: int = 0, limit: int = 10) -> Page[DispatchRow]:
    """Return some rows of a bucket: what is owed by due moment, what is settled newest first."""
    require(ctx.actor, Action.SEE_DISPATCHES)
    if bucket in OWED:
        owed = _of(ctx, bucket, select(Dispatch, Duty)).order_by(Duty.due_at, Duty.id)
        found = ctx.session.execute(owed.offset(start).limit(clamped(limit)))
        rows = tuple(_row(ctx, dispatch, duty) for dispatch, duty in found)
    else:
        settled = _of(ctx, bucket, select(Dispatch)).order_by(Dispatch.dispatched_on.desc(), Dispatch.id.desc())
        rows = tuple(_row(ctx, each, None) for each in ctx.session.scalars(settled.offset(start).limit(clamped(limit))))
    ctx.note("list_dispatches", f"bucket:{bucket.value}:{start}", ("child_name", "served"))
    return Page(_count(ctx, bucket), rows, start)


def case_of(ctx: Context, number: str) -> CaseView:
    """Return a case by its number, as typed; raises ``NotFound`` where none of the asker's units has part in it."""
    require(ctx.actor, Action.SEE_DISPATCHES)
    case = ctx.session.scalar(select(Case).where(Case.number == folded(number)))
    parts = _parts(ctx, case) if case else ()
    if case is None or not parts:
        raise NotFound
    ctx.note("show_case", f"case:{case.number}", ("child_name", "reported_by", "area", "served", "responsible"))
    return CaseView(
        number=case.number,
        child=_masked(ctx, case.child_name),
        reported_by=case.reported_by,
        received_on=case.received_on,
        area=case.area,
        light=rules.case_light(_all_parts(ctx, case)),
        parts=parts,
    )


def _count(ctx: Context, bucket: DispatchBucket) -> int:
    return ctx.session.scalar(_of(ctx, bucket, select(func.count()))) or 0


def _of(ctx: Context, bucket: DispatchBucket, asked: Select[*Asked]) -> Select[*Asked]:
    """Return the question asked of one bucket: the one place that says what stands in it."""
    if bucket in SETTLED:
        mine = within(ctx.actor.units, Dispatch.unit_id)
        return asked.select_from(Dispatch).where(Dispatch.state.in_(SETTLED[bucket]), mine)
    kind, late = OWED[bucket]
    return (
        asked.select_from(Duty)
        .join(Dispatch, Dispatch.id == Duty.subject_id)
        .where(
            _is_open(Duty.kind == kind),
            Duty.due_at < ctx.now if late else Duty.due_at >= ctx.now,
            within(ctx.actor.units, Duty.unit_id),
        )
    )


def _is_open(about: ColumnElement[bool]) -> ColumnElement[bool]:
    return and_(Duty.ended_at.is_(None), Duty.subject_kind == SubjectKind.DISPATCH, about)


def _parts(ctx: Context, case: Case) -> tuple[DispatchRow, ...]:
    query = (
        select(Dispatch, Duty)
        .outerjoin(Duty, _is_open(Duty.subject_id == Dispatch.id))
        .where(Dispatch.case_id == case.id, within(ctx.actor.units, Dispatch.unit_id))
        .order_by(Dispatch.dispatched_on.desc(), Dispatch.id.desc())
        .limit(PARTS_AT_MOST)
    )
    return tuple(_row(ctx, row[0], row[1]) for row in ctx.session.execute(query))


def _all_parts(ctx: Context, case: Case) -> Iterable[rules.Part]:
    """Return each unit's part, whoever asks: no limit, for the light is wrong without one of them; they are a few."""
    found = ctx.session.execute(select(Dispatch.state, Dispatch.opening).where(Dispatch.case_id == case.id).distinct())
    return [rules.Part(row.state, row.opening) for row in found]


def _row(ctx: Context, dispatch: Dispatch, duty: Duty | None) -> DispatchRow:
    return DispatchRow(
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
