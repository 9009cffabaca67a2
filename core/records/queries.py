"""What is asked about work records: those of a service, its windows and light, one's draft, and the audits (ACC-10).

A school sees its own, supervisors and contacts their bureau, the Center all; what other units of a family see of it is
its history (``entries.py``).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import ColumnElement, and_, func, select
from sqlalchemy.orm import Session

from core.access import Action, require
from core.accounts.models import Account
from core.context import Context
from core.dispatches.models import Case, Opened
from core.errors import NotFound
from core.masking import mask_name
from core.paging import Page, clamped
from core.records.form import RecordForm
from core.records.kinds import EducationLight, ProblemType, Schooling, Service, Way
from core.records.models import RecordAudit, RecordAuditRow, RecordDraft, WorkRecord
from core.records.opened import seen_service, windows_for
from core.records.rules import LIGHTS, Contact, Window, education_light
from core.records.stored import opened
from core.scoping import within


@dataclass(frozen=True)
class RecordRow:
    """One work record as a list shows it; names are masked."""

    record_id: int
    served_on: date
    way: Way | None
    served: str
    services: tuple[Service, ...]
    schooling: Schooling
    light: EducationLight
    written_by: str
    written_at: datetime
    corrected_at: datetime | None


@dataclass(frozen=True)
class RecordView:
    """One work record in full, for who writes the unit's records."""

    record_id: int
    opened_id: int
    form: RecordForm
    problems: tuple[ProblemType, ...]
    written_at: datetime
    corrected_at: datetime | None


@dataclass(frozen=True)
class WindowState:
    """A window that has begun, and whether a record lies in it."""

    window: Window
    has_record: bool
    is_current: bool
    """It still runs: without a record it is not missing yet."""
    is_known: bool
    """False: it ended before the case came in here, and whether it has a record is not known."""


@dataclass(frozen=True)
class ServiceWindows:
    """The windows of a service that have begun, oldest first, and its education light (REC-1, REC-6)."""

    dispatched_on: date
    states: tuple[WindowState, ...]
    light: EducationLight | None

    @property
    def missing(self) -> tuple[Window, ...]:
        """The windows that are over and lack a record."""
        return tuple(
            each.window for each in self.states if each.is_known and not each.has_record and not each.is_current
        )

    @property
    def unknown(self) -> tuple[Window, ...]:
        """The windows that ended before the case came in, and of which no record is known here."""
        return tuple(each.window for each in self.states if not each.is_known)


@dataclass(frozen=True)
class AuditRow:
    """A window that lacked a record on the 1st; ``is_filled``: it has one by now."""

    unit_name: str
    number: str
    child: str
    first: date
    last: date
    is_filled: bool


def records_of(ctx: Context, opened_id: int, start: int = 0, limit: int = 10) -> Page[RecordRow]:
    """Return the work records of a service, newest service date first; raises ``NotFound``."""
    service = seen_service(ctx, opened_id)
    mine = WorkRecord.opened_id == service.id
    total = ctx.session.scalar(select(func.count()).select_from(WorkRecord).where(mine)) or 0
    listed = (
        select(WorkRecord, Account.name)
        .join(Account, Account.id == WorkRecord.written_by)
        .where(mine)
        .order_by(WorkRecord.served_on.desc(), WorkRecord.id.desc())
    )
    found = ctx.session.execute(listed.offset(start).limit(clamped(limit)))
    rows = tuple(_row(ctx, row, ctx.vault.open(name)) for row, name in found)
    ctx.note("list_records", f"opened:{service.id}", ("served", "services", "written_by"))
    return Page(total, rows, start)


def record_of(ctx: Context, record_id: int) -> RecordView:
    """Return one work record in full; raises ``NotFound`` where it is not there or not the actor's."""
    require(ctx.actor, Action.RECORD)
    row = ctx.session.get(WorkRecord, record_id)
    if row is None:
        raise NotFound
    seen_service(ctx, row.opened_id)
    stored = opened(ctx.vault, row.form)
    ctx.note("show_record", f"record:{row.id}", ("form", "problems"))
    return RecordView(row.id, row.opened_id, stored.form, stored.problems, row.written_at, row.corrected_at)


def record_draft(ctx: Context, opened_id: int) -> RecordForm | None:
    """Return what the actor has typed of a work record and not sent, or None."""
    service = seen_service(ctx, opened_id)
    mine = (RecordDraft.opened_id == service.id, RecordDraft.written_by == ctx.actor.account_id)
    draft = ctx.session.scalar(select(RecordDraft).where(*mine))
    return opened(ctx.vault, draft.form).form if draft else None


def windows_of_service(ctx: Context, opened_id: int) -> ServiceWindows:
    """Return the windows of a service as they stand today; raises ``NotFound``."""
    service = seen_service(ctx, opened_id)
    contacts = contacts_of(ctx.session, service)
    windows = windows_for(ctx, service)
    served_on = [each.served_on for each in contacts]
    owed, unknown = set(windows.owed(served_on, ctx.today)), set(windows.unknown(served_on, ctx.today))
    states = (
        WindowState(each, each not in owed | unknown, is_current=ctx.today <= each.last, is_known=each not in unknown)
        for each in windows.begun_by(ctx.today)
    )
    return ServiceWindows(windows.start, tuple(states), education_light(contacts))


def contacts_of(session: Session, service: Opened) -> tuple[Contact, ...]:
    """Return what the rules need of a service's work records: replies and assessments are none (REC-1, REC-2)."""
    columns = (WorkRecord.served_on, WorkRecord.schooling, WorkRecord.id)
    found = session.execute(select(*columns).where(WorkRecord.opened_id == service.id).order_by(WorkRecord.id))
    return tuple(Contact(row.served_on, row.schooling, row.id) for row in found)


def audit_rows(ctx: Context, day: date, start: int = 0, limit: int = 50) -> Page[AuditRow]:
    """Return what the audit of a 1st found in the actor's units, unit by unit (REC-3)."""
    require(ctx.actor, Action.SEE_SERVICES)
    mine = and_(RecordAudit.day == day, within(ctx.actor.units, RecordAudit.unit_id))
    audits = RecordAudit.id == RecordAuditRow.audit_id
    total = ctx.session.scalar(select(func.count()).select_from(RecordAuditRow).join(RecordAudit, audits).where(mine))
    listed = (
        select(RecordAuditRow, Case.number)
        .join(RecordAudit, audits)
        .join(Opened, Opened.id == RecordAuditRow.opened_id)
        .join(Case, Case.id == Opened.case_id)
        .where(mine)
        .order_by(RecordAudit.unit_id, RecordAuditRow.first, RecordAuditRow.id)
    )
    found = ctx.session.execute(listed.offset(start).limit(clamped(limit))).all()
    filled = _filled(ctx, [row for row, _ in found])
    ctx.note_rows("list_record_audit", "services", [row.opened_id for row, _ in found], ("served",))
    return Page(total or 0, tuple(_audit_row(ctx, row, number, row.id in filled) for row, number in found), start)


def _row(ctx: Context, row: WorkRecord, writer: str) -> RecordRow:
    form = opened(ctx.vault, row.form).form
    return RecordRow(
        record_id=row.id,
        served_on=row.served_on,
        way=form.way,
        served=mask_name(form.served.strip()),
        services=tuple(each for each in Service if each in form.services),
        schooling=row.schooling,
        light=LIGHTS[row.schooling],
        written_by=mask_name(writer),
        written_at=row.written_at,
        corrected_at=row.corrected_at,
    )


def _audit_row(ctx: Context, row: RecordAuditRow, number: str, is_filled: bool) -> AuditRow:
    child = mask_name(ctx.vault.open(row.opened.served))
    return AuditRow(row.audit.unit.name, number, child, row.first, row.last, is_filled)


def _filled(ctx: Context, rows: Iterable[RecordAuditRow]) -> set[int]:
    """Return which of these windows have a record by now."""
    ids = [row.id for row in rows]
    in_it: ColumnElement[bool] = and_(
        WorkRecord.opened_id == RecordAuditRow.opened_id,
        WorkRecord.served_on.between(RecordAuditRow.first, RecordAuditRow.last),
    )
    return set(ctx.session.scalars(select(RecordAuditRow.id).join(WorkRecord, in_it).where(RecordAuditRow.id.in_(ids))))
