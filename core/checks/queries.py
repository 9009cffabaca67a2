"""What is asked about meal-station checks: how many stand in each bucket, and which they are (CHK-2, DUTY-2).

Each bucket is one condition, used by its count and by its list: ``_owes`` on the open duties, or a result of what was
checked. What is owed is found over the index of open duties; what is settled is a sum that is kept (``tallies``), so
neither costs what exists. Names leave here masked, and every list shown is in the audit.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import TypeVarTuple

from sqlalchemy import ColumnElement, Select, and_, func, select

from core.access import Action, require
from core.checks import tallies
from core.checks.following import KINDS
from core.checks.models import Check, CheckBucket, CheckState
from core.context import Context
from core.duties.models import Duty
from core.duties.plans import DutyKind
from core.duties.returns import returned_because
from core.errors import NotFound
from core.masking import mask_name
from core.newest import Pile, newest
from core.paging import Page, clamped
from core.scoping import within
from core.secrets import folded

SETTLED = {bucket: Check.has_need == has_need for has_need, bucket in tallies.RESULTS.items()}
OWED = (CheckBucket.WAITING, CheckBucket.LATE, CheckBucket.RETURNED)
AS_THEY_CAME = Pile(Check.unit_id, Check.id, Check.id)

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
    state: CheckState
    has_need: bool | None
    already_high_risk: bool
    is_urgent: bool
    """A sign of danger was seen (CHK-11)."""
    duty_id: int | None
    due_at: datetime | None
    """The last moment in time; None: nothing is owed."""
    reason: str = ""
    """Why it was returned, masked; empty where it was not, or the main system alone knows."""


def buckets(ctx: Context) -> dict[CheckBucket, int]:
    """Return how many checks stand in each bucket; raises ``NotAllowed`` without the permission."""
    require(ctx.actor, Action.SEE_CHECKS)
    settled = tallies.SUMS.by_state(ctx.session, ctx.actor.units)
    counts = _owed_counts(ctx) | {bucket: settled[bucket] for bucket in SETTLED}
    return {bucket: counts[bucket] for bucket in CheckBucket}


def in_bucket(ctx: Context, bucket: CheckBucket, start: int = 0, limit: int = 10) -> Page[CheckRow]:
    """Return some rows of a bucket: what is owed by due moment, what is settled newest first; raises ``NotAllowed``."""
    require(ctx.actor, Action.SEE_CHECKS)
    total, rows = (
        _settled_page(ctx, bucket, start, limit) if bucket in SETTLED else _owed_page(ctx, bucket, start, limit)
    )
    ctx.note_rows("list_checks", "checks", [row.number for row in rows], ("child_name",))
    return Page(total, rows, start)


def check_of(ctx: Context, number: str) -> CheckRow:
    """Return a check by its number, as typed; raises ``NotFound`` where it is of none of the asker's units."""
    require(ctx.actor, Action.SEE_CHECKS)
    found = ctx.session.execute(
        select(Check, Duty)
        .outerjoin(Duty, and_(Duty.subject_id == Check.id, Duty.kind.in_(KINDS), Duty.ended_at.is_(None)))
        .where(Check.number == folded(number), within(ctx.actor.units, Check.unit_id))
    ).first()
    if found is None:
        raise NotFound
    (row,) = _with_reasons(ctx, [found[0]], [_row(ctx, found[0], found[1])])
    ctx.note("show_check", f"check:{row.number}", ("child_name", "reason") if row.reason else ("child_name",))
    return row


def _owed_counts(ctx: Context) -> dict[CheckBucket, int]:
    """Count what is owed in one pass over the open duties."""
    columns = [func.count().filter(_owes(ctx, bucket)) for bucket in OWED]
    return dict(zip(OWED, ctx.session.execute(_open_duties(ctx, select(*columns))).one(), strict=True))


def _owed_page(ctx: Context, bucket: CheckBucket, start: int, limit: int) -> tuple[int, tuple[CheckRow, ...]]:
    mine = _owes(ctx, bucket)
    total = ctx.session.scalar(_open_duties(ctx, select(func.count())).where(mine)) or 0
    listed = _open_duties(ctx, select(Check, Duty)).where(mine).order_by(Duty.due_at, Duty.id)
    found = ctx.session.execute(listed.offset(start).limit(clamped(limit))).all()
    rows = [_row(ctx, check, duty) for check, duty in found]
    return total, _with_reasons(ctx, [check for check, _ in found], rows)


def _settled_page(ctx: Context, bucket: CheckBucket, start: int, limit: int) -> tuple[int, tuple[CheckRow, ...]]:
    """Return the newest rows; only those that are shown are loaded."""
    total = tallies.SUMS.counted(ctx.session, ctx.actor.units, (bucket,))
    checked = and_(Check.state == CheckState.CHECKED, SETTLED[bucket])
    places = newest(ctx.session, ctx.actor.units, AS_THEY_CAME, checked, start + clamped(limit))[start:]
    ids = [check_id for _, check_id in places]
    rows = {row.id: row for row in ctx.session.scalars(select(Check).where(Check.id.in_(ids)))}
    return total, tuple(_row(ctx, rows[each], None) for each in ids)


def _with_reasons(ctx: Context, checks: Sequence[Check], rows: Sequence[CheckRow]) -> tuple[CheckRow, ...]:
    """Return the rows of these checks, those that were returned with the reason."""
    returned = [check.id for check in checks if check.state is CheckState.RETURNED]
    reasons = returned_because(ctx, DutyKind.RETURNED_CHECK, returned)
    return tuple(replace(row, reason=reasons.get(check.id, "")) for check, row in zip(checks, rows, strict=True))


def _open_duties(ctx: Context, asked: Select[*Asked]) -> Select[*Asked]:
    """Return the question asked of all open duties about checks of the actor's units.

    These kinds are owed for checks alone; asked for the subject too, SQLite goes through those of all units.
    """
    return (
        asked.select_from(Duty)
        .join(Check, Check.id == Duty.subject_id)
        .where(
            Duty.ended_at.is_(None),
            Duty.kind.in_(KINDS),
            within(ctx.actor.units, Duty.unit_id),
        )
    )


def _owes(ctx: Context, bucket: CheckBucket) -> ColumnElement[bool]:
    """Return which open duties a bucket holds: the one condition for its count and its list (DUTY-2).

    Returned ones are not told apart by being late.
    """
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
        state=check.state,
        has_need=check.has_need,
        already_high_risk=check.already_high_risk,
        is_urgent=check.is_urgent,
        duty_id=duty.id if duty else None,
        due_at=duty.due_at if duty else None,
    )
