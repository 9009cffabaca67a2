"""The audit of the 1st: every unit's windows that ended before it and lack a record (REC-3).

There is one audit a month and unit: a unique row sees to it, so a job that runs twice, late or on two machines audits
once. Those who can fill a gap and those who stand over them are told in their next digest.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import ColumnElement, and_, exists, select

from core.accounts.models import Unit
from core.clock import start_of_day
from core.context import Context
from core.dispatches.models import Opened
from core.duties.models import Duty, SubjectKind
from core.duties.plans import DutyKind
from core.duties.reminders import tell_in_digest
from core.duties.told import Why
from core.records.models import RecordAudit, RecordAuditRow, RecordWindow
from core.records.opened import windows_for
from core.records.queries import contacts_of
from core.records.rules import Window, audit, audit_day


@dataclass(frozen=True)
class _Missing:
    opened_id: int
    window: Window


def audit_units(ctx: Context, limit: int) -> int:
    """Audit up to ``limit`` units for this month's 1st, and tell what is missing; return how many units it were.

    The duties of windows must have been opened up to the 1st (``following.open_windows``). A unit that lacks nothing
    has no audit row.
    """
    day = audit_day(ctx.today)
    units = _units_to_audit(ctx, day, limit)
    for unit_id in units:
        _audit_unit(ctx, unit_id, day)
    return len(units)


def _units_to_audit(ctx: Context, day: date, limit: int) -> Sequence[int]:
    """Return units that lack records and were not audited yet, held; asked again once held, for another may have."""
    has_gap = exists().where(_is_gap(day), Duty.unit_id == Unit.id)
    is_audited = exists().where(RecordAudit.day == day, RecordAudit.unit_id == Unit.id)
    wanted = select(Unit.id).where(has_gap, ~is_audited).order_by(Unit.id).limit(limit)
    held = ctx.session.scalars(wanted.with_for_update(of=Unit, key_share=True, skip_locked=True)).all()
    return ctx.session.scalars(select(Unit.id).where(Unit.id.in_(held), ~is_audited).order_by(Unit.id)).all()


def _is_gap(day: date) -> ColumnElement[bool]:
    """Return which duties are about windows that ended before a day and lack a record."""
    is_window = and_(Duty.ended_at.is_(None), Duty.kind == DutyKind.RECORD_WINDOW)
    return and_(is_window, Duty.due_at < start_of_day(day))


def _audit_unit(ctx: Context, unit_id: int, day: date) -> None:
    missing = list(_missing(ctx, unit_id, day))
    audited = RecordAudit(day=day, unit_id=unit_id, missing=len(missing))
    ctx.session.add(audited)
    ctx.session.flush()
    rows = (RecordAuditRow(audit_id=audited.id, opened_id=each.opened_id, first=each.window.first,
                           last=each.window.last) for each in missing)  # fmt: skip
    ctx.session.add_all(rows)
    tell_in_digest(ctx, ctx.session.scalars(select(Duty).where(_is_gap(day), Duty.unit_id == unit_id)).all(), Why.AUDIT)
    ctx.note("audit_records", f"unit:{unit_id}", ("missing",))
    ctx.session.flush()


def _missing(ctx: Context, unit_id: int, day: date) -> Iterator[_Missing]:
    about_window = and_(Duty.subject_kind == SubjectKind.WINDOW, Duty.subject_id == RecordWindow.id)
    lacking = select(RecordWindow.opened_id).join(Duty, about_window).where(_is_gap(day), Duty.unit_id == unit_id)
    for service in ctx.session.scalars(select(Opened).where(Opened.id.in_(lacking)).order_by(Opened.id)):
        served_on = (each.served_on for each in contacts_of(ctx.session, service))
        windows = windows_for(ctx, service)
        for window in audit(windows, served_on, day):
            yield _Missing(service.id, window)
