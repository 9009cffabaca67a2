"""How much is owed: by unit and by kind, counted by the conditions of the lists (DUTY-2)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import func, select

from core.accounts.models import Unit
from core.context import Context
from core.duties.models import Duty
from core.duties.plans import DutyKind
from core.duties.queries import can_be_done, is_open_to, late_ones


@dataclass(frozen=True)
class UnitCount:
    """How much a unit owes, and how much of it is late; ``path`` says where the unit stands in the tree."""

    unit_id: int
    unit_name: str
    path: str
    owed: int
    late: int


@dataclass(frozen=True)
class KindCount:
    """How much of a kind is owed, and how much of that is late."""

    owed: int
    late: int


def counts_by_unit(ctx: Context) -> tuple[UnitCount, ...]:
    """Return what each unit owes, of what the actor sees: one row a unit that owes something, in no order (DUTY-2)."""
    counts = (
        select(Duty.unit_id, func.count().label("owed"), late_ones(ctx).label("late"))
        .where(is_open_to(ctx.actor), Duty.unit_id.is_not(None))
        .group_by(Duty.unit_id)
        .subquery()
    )
    rows = ctx.session.execute(
        select(Unit.id, Unit.name, Unit.path, counts.c.owed, counts.c.late).join(counts, counts.c.unit_id == Unit.id)
    )
    return tuple(UnitCount(row.id, row.name, row.path, row.owed, row.late) for row in rows)


def counts_by_kind(ctx: Context, unit_id: int | None = None) -> Mapping[DutyKind, KindCount]:
    """Return how much of each kind ``queries.owed`` lists, or of one unit, for each that is owed at all (DUTY-2)."""
    asked = can_be_done(ctx) if unit_id is None else Duty.unit_id == unit_id
    counts = select(Duty.kind, func.count(), late_ones(ctx)).where(is_open_to(ctx.actor), asked).group_by(Duty.kind)
    counted = {row[0]: KindCount(row[1], row[2]) for row in ctx.session.execute(counts)}
    return {kind: counted[kind] for kind in DutyKind if kind in counted}
