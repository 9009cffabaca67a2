"""Closings as a family's service history shows them, to every unit that serves the family: when, and why (S0)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Date, and_, select, type_coerce

from core.accounts.models import Account, Unit
from core.clock import start_of_day
from core.closures.filing import Filing, opened
from core.closures.kinds import ClosingReason, ClosureState, Ground
from core.closures.models import Closure
from core.context import Context
from core.dispatches.models import Case, Opened
from core.secrets import Sealed

ENTRIES_AT_MOST = 1000


@dataclass(frozen=True)
class ClosingEntry:
    """That a unit closed a case: the first instant of the day, and why, where the form is here."""

    at: datetime
    number: str
    unit_name: str
    by: Sealed | None
    """Who wrote the form, still sealed; None: the main system's list says that it is closed, and not why."""
    ground: Ground | None
    reasons: tuple[ClosingReason, ...]


def closing_entries(ctx: Context, family_id: int) -> Iterator[ClosingEntry]:
    """Yield what all units closed for a family, oldest first; whoever shows them checks who asks."""
    approved = and_(Closure.opened_id == Opened.id, Closure.state == ClosureState.APPROVED)
    asked = (
        select(type_coerce(Opened.closed_on, Date()), Case.number, Unit.name, Closure.form, Account.name)
        .join(Case, Case.id == Opened.case_id)
        .join(Unit, Unit.id == Opened.unit_id)
        .outerjoin(Closure, approved)
        .outerjoin(Account, Account.id == Closure.written_by)
        .where(Opened.family_id == family_id, Opened.closed_on.is_not(None))
        .order_by(Opened.closed_on, Opened.id)
        .limit(ENTRIES_AT_MOST)
    )
    for closed_on, number, unit_name, form, by in ctx.session.execute(asked):
        filing = _filing(ctx, form)
        reasons = tuple(each for each in ClosingReason if filing is not None and each in filing.form.reasons)
        ground = filing.statement.ground if filing is not None else None
        yield ClosingEntry(start_of_day(closed_on), number, unit_name, by, ground, reasons)


def _filing(ctx: Context, form: Sealed | None) -> Filing | None:
    return None if form is None else opened(ctx.vault, form)
