"""Whole names for a list that is taken out, for who may see them; else they stay masked (ACC-10, A64)."""

from __future__ import annotations

from collections.abc import Collection

from sqlalchemy import func, select

from core.access import Action, require
from core.checks.models import Check
from core.context import Context
from core.database import SealedText
from core.dispatches.models import Case, Dispatch
from core.scoping import within


def served_names(ctx: Context, dispatch_ids: Collection[int]) -> dict[int, str]:
    """Return whom each dispatch is about, by its id; raises ``NotAllowed``. Another unit's are not in it."""
    require(ctx.actor, Action.SEE_NAMES)
    served = func.coalesce(Dispatch.served, Case.child_name, type_=SealedText())  # REPLY-9
    mine = (Dispatch.id.in_(dispatch_ids), within(ctx.actor.units, Dispatch.unit_id))
    rows = ctx.session.execute(select(Dispatch.id, served).join(Case, Case.id == Dispatch.case_id).where(*mine))
    return {row[0]: ctx.vault.open(row[1]) for row in rows}


def checked_names(ctx: Context, numbers: Collection[str]) -> dict[str, str]:
    """Return whom each check is about, by its number; raises ``NotAllowed``. Another unit's are not in it."""
    require(ctx.actor, Action.SEE_NAMES)
    mine = (Check.number.in_(numbers), within(ctx.actor.units, Check.unit_id))
    rows = ctx.session.execute(select(Check.number, Check.child_name).where(*mine))
    return {row.number: ctx.vault.open(row.child_name) for row in rows}
