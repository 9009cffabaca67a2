"""What a unit owes."""

from __future__ import annotations

from core.context import Context
from core.duties.queries import OwedRow
from core.machines.owed import owed_by
from handlers.api.models import DutiesAddress, DutiesOwed, DutyOwed, Nothing
from handlers.api.operations import Call, Reply

OK = 200


def list_owed(ctx: Context, call: Call[DutiesAddress, Nothing]) -> Reply:
    """List what a unit owes, worst first."""
    asked = call.address
    owed = owed_by(ctx, asked.unit, asked.start, asked.limit)
    body = DutiesOwed(
        unit=owed.unit,
        unit_name=owed.name,
        total=owed.page.total,
        late=owed.late,
        duties=tuple(_duty(row) for row in owed.page.rows),
        next_start=owed.page.next_start,
    )
    return Reply(OK, body)


def _duty(row: OwedRow) -> DutyOwed:
    """Return a row as it is sent: no name, masked or not, leaves by this door."""
    return DutyOwed(
        kind=row.kind.value,
        kind_label=row.kind.label,
        number=row.number,
        counted_from=row.counted_from,
        due_at=row.due_at,
        is_late=row.is_late,
        days_left=row.days_left,
    )
