"""What a unit owes."""

from __future__ import annotations

from core.context import Context
from core.duties.explain import Working
from core.machines.owed import Explained, owed_by
from handlers.api.models import (
    CountedDayOff,
    DutiesAddress,
    DutiesOwed,
    DutyOwed,
    DutyWorking,
    Nothing,
    ReckoningStep,
)
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
        duties=tuple(_duty(each) for each in owed.page.rows),
        next_start=owed.page.next_start,
    )
    return Reply(OK, body)


def _duty(owed: Explained) -> DutyOwed:
    """Return a row as it is sent: no name, masked or not, leaves by this door."""
    row = owed.row
    return DutyOwed(
        kind=row.kind.value,
        kind_label=row.kind.label,
        number=row.number,
        counted_from=row.counted_from,
        due_at=row.due_at,
        is_late=row.is_late,
        days_left=row.days_left,
        working=_working(owed.working),
    )


def _working(working: Working) -> DutyWorking:
    return DutyWorking(
        rule=working.rule,
        event=working.event.value,
        event_label=working.event.label,
        event_at=working.event_at,
        steps=tuple(ReckoningStep(label=step.label, value=step.value) for step in working.steps),
        days_off=tuple(CountedDayOff(day=off.day, why=off.why) for off in working.days_off),
    )
