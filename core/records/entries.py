"""Work records as a family's service history shows them, to every unit that serves the family (S0)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from core.accounts.models import Account, Unit
from core.clock import start_of_day
from core.context import Context
from core.dispatches.models import Case, Opened
from core.records.kinds import Service
from core.records.models import WorkRecord
from core.records.stored import opened
from core.secrets import Sealed

ENTRIES_AT_MOST = 1000


@dataclass(frozen=True)
class RecordEntry:
    """A work record in a history: the first instant of the service date, and what was done; ``by`` is still sealed."""

    at: datetime
    number: str
    unit_name: str
    by: Sealed
    services: tuple[Service, ...]


def record_entries(ctx: Context, family_id: int) -> Iterator[RecordEntry]:
    """Yield the work records of all units for a family, oldest first; whoever shows them checks who asks."""
    asked = (
        select(WorkRecord, Case.number, Unit.name, Account.name)
        .join(Opened, Opened.id == WorkRecord.opened_id)
        .join(Case, Case.id == Opened.case_id)
        .join(Unit, Unit.id == Opened.unit_id)
        .join(Account, Account.id == WorkRecord.written_by)
        .where(Opened.family_id == family_id)
        .order_by(WorkRecord.served_on, WorkRecord.id)
        .limit(ENTRIES_AT_MOST)
    )
    for row, number, unit_name, by in ctx.session.execute(asked):
        form = opened(ctx.vault, row.form).form
        services = tuple(each for each in Service if each in form.services)
        yield RecordEntry(start_of_day(row.served_on), number, unit_name, by, services)
