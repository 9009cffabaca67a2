"""What is asked about meal-station checks: how many stand in each bucket, and which they are (CHK-2, DUTY-2).

Each bucket is one condition, ``_holds``, used by its count and by its list. What is owed is found over the index of
open duties. Names leave here masked, and every list shown is in the audit.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import TypeVarTuple

from sqlalchemy import ColumnElement, Select, and_, func, select

from core.access import Action, require
from core.checks.following import KINDS
from core.checks.models import Check, CheckBucket, CheckState
from core.context import Context
from core.duties.models import Duty, SubjectKind
from core.duties.plans import DutyKind
from core.masking import mask_name
from core.paging import Page, clamped
from core.scoping import within

SETTLED = {
    CheckBucket.WITH_NEED: Check.has_need.is_(True),
    CheckBucket.WITHOUT_NEED: Check.has_need.is_(False),
    CheckBucket.NEED_UNKNOWN: Check.has_need.is_(None),
}
OWED = (CheckBucket.WAITING, CheckBucket.LATE, CheckBucket.RETURNED)

Asked = TypeVarTuple("Asked")


@dataclass(frozen=True)
class CheckRow:
    """One check as lists and cards show it; the name is masked."""

    number: str
    child: str
    unit_name: str
    shop: str
    """Chain and shop."""
    happened_at: datetime
    assigned_at: datetime
    state: CheckState
    has_need: bool | None
    already_high_risk: bool
    is_urgent: bool
    """A sign of danger was seen (CHK-11)."""
    duty_id: int | None
    due_at: datetime | None
    """The last moment in time; None: nothing is owed."""


def buckets(ctx: Context) -> dict[CheckBucket, int]:
    """Return how many checks stand in each bucket; raises ``NotAllowed`` without the permission."""
    require(ctx.actor, Action.SEE_CHECKS)
    counts = _counts(ctx, OWED) | _counts(ctx, SETTLED)
    return {bucket: counts[bucket] for bucket in CheckBucket}


def in_bucket(ctx: Context, bucket: CheckBucket, start: int = 0, limit: int = 10) -> Page[CheckRow]:
    """Return some rows of a bucket: what is owed by due moment, what is settled newest first."""
    require(ctx.actor, Action.SEE_CHECKS)
    if bucket in SETTLED:
        settled = _of(ctx, bucket, select(Check)).order_by(Check.id.desc())
        rows = tuple(_row(ctx, each, None) for each in ctx.session.scalars(settled.offset(start).limit(clamped(limit))))
    else:
        owed = _of(ctx, bucket, select(Check, Duty)).order_by(Duty.due_at, Duty.id)
        found = ctx.session.execute(owed.offset(start).limit(clamped(limit)))
        rows = tuple(_row(ctx, check, duty) for check, duty in found)
    ctx.note("list_checks", f"bucket:{bucket.value}:{start}", ("child_name",))
    total = ctx.session.scalar(_of(ctx, bucket, select(func.count()))) or 0
    return Page(total, rows, start)


def _counts(ctx: Context, among: Collection[CheckBucket]) -> dict[CheckBucket, int]:
    """Return how many stand in each of some buckets of one place, looked through once."""
    each = [func.count().filter(_holds(ctx, bucket)) for bucket in among]
    return dict(zip(among, ctx.session.execute(_place(ctx, among, select(*each))).one(), strict=True))


def _of(ctx: Context, bucket: CheckBucket, asked: Select[*Asked]) -> Select[*Asked]:
    """Return the question asked of one bucket."""
    among = SETTLED if bucket in SETTLED else OWED
    return _place(ctx, among, asked).where(_holds(ctx, bucket))


def _place(ctx: Context, among: Collection[CheckBucket], asked: Select[*Asked]) -> Select[*Asked]:
    """Return the question asked of all checks that are settled, or of all duties about checks that are open."""
    if among is SETTLED:
        checked = Check.state == CheckState.CHECKED
        return asked.select_from(Check).where(checked, within(ctx.actor.units, Check.unit_id))
    return (
        asked.select_from(Duty)
        .join(Check, Check.id == Duty.subject_id)
        .where(
            Duty.ended_at.is_(None),
            Duty.subject_kind == SubjectKind.CHECK,
            Duty.kind.in_(KINDS),
            within(ctx.actor.units, Duty.unit_id),
        )
    )


def _holds(ctx: Context, bucket: CheckBucket) -> ColumnElement[bool]:
    """Return which of its place a bucket holds: the one condition for its count and its list (DUTY-2).

    Returned ones are not told apart by being late.
    """
    if bucket in SETTLED:
        return SETTLED[bucket]
    if bucket is CheckBucket.RETURNED:
        return Duty.kind == DutyKind.RETURNED_CHECK
    in_time = Duty.due_at < ctx.now if bucket is CheckBucket.LATE else Duty.due_at >= ctx.now
    return and_(Duty.kind == DutyKind.CHECK, in_time)


def _row(ctx: Context, check: Check, duty: Duty | None) -> CheckRow:
    return CheckRow(
        number=check.number,
        child=mask_name(ctx.vault.open(check.child_name)),
        unit_name=check.unit.name,
        shop=f"{check.chain}{check.shop}",
        happened_at=check.happened_at,
        assigned_at=check.assigned_at,
        state=check.state,
        has_need=check.has_need,
        already_high_risk=check.already_high_risk,
        is_urgent=check.is_urgent,
        duty_id=duty.id if duty else None,
        due_at=duty.due_at if duty else None,
    )
