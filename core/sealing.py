"""Sealing what versions before 0034 wrote readable: days of birth (A61). It goes when their column does."""

from __future__ import annotations

from sqlalchemy import select, update

from core.births import sealed_day
from core.checks.models import Check
from core.context import Context
from core.dispatches.models import Member


def seal_births(ctx: Context, size: int) -> int:
    """Seal up to ``size`` readable days of birth of each table and empty their column; return how many.

    Rows that somebody holds are left to the next time. The facts stay the same, so nothing is noted.
    """
    return sum(_sealed(ctx, table, size) for table in (Check, Member))


def _sealed(ctx: Context, table: type[Check | Member], size: int) -> int:
    readable = select(table.id, table.born_on).where(table.born_on.is_not(None)).order_by(table.id).limit(size)
    found = ctx.session.execute(readable.with_for_update(skip_locked=True))
    rows = [{"id": row_id, "birth_date": sealed_day(ctx.vault, day), "born_on": None} for row_id, day in found if day]
    if rows:
        ctx.session.execute(update(table), rows)
    return len(rows)
