"""What a unit owes, for another system."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import select

from core.access import Action, require
from core.accounts.models import Unit
from core.context import Context
from core.duties.explain import Working, explain
from core.duties.queries import OwedRow, owed_by_units
from core.errors import InvalidInput, NotFound
from core.imports.cells import code
from core.paging import Page, clamped


@dataclass(frozen=True)
class Explained:
    """A duty, and how its deadline came about."""

    row: OwedRow
    working: Working


@dataclass(frozen=True)
class UnitOwed:
    """A unit, how much of what it owes is late, and a page of it, worst first."""

    unit: str
    name: str
    late: int
    page: Page[Explained]


def owed_by(ctx: Context, unit_code: str, start: int, limit: int) -> UnitOwed:
    """Return what a unit owes now; raises ``NotFound`` where there is no such unit. The showing is audited."""
    require(ctx.actor, Action.SEE_DUTIES)
    unit = _unit(ctx, unit_code)
    owed = owed_by_units(ctx, (unit.id,), start, clamped(limit))
    rows = tuple(Explained(row, explain(ctx, row.duty_id)) for row in owed.rows)
    return UnitOwed(unit.code, unit.name, owed.late, Page(owed.total, rows, start))


def _unit(ctx: Context, unit_code: str) -> Unit:
    try:
        read = code()(unit_code)
    except InvalidInput:
        raise NotFound from None
    unit = ctx.session.scalar(select(Unit).where(Unit.code == read))
    if unit is None or not ctx.actor.units.holds(unit.id):
        raise NotFound
    return unit
