"""工作紀錄: the windows that still want a record in the actor's open services, by their last day (REC-1, ACC-10).

Each is an open duty, so the list is as long as the number 待辦 says for it (DUTY-2).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import ColumnElement, and_, func, select

from core.access import Action, require
from core.accounts.models import Unit
from core.context import Context
from core.dispatches.models import Case, Opened
from core.duties.models import Duty, SubjectKind
from core.duties.plans import DutyKind
from core.duties.queries import is_open_to, late_ones
from core.masking import mask_name
from core.paging import Page
from core.records.models import RecordWindow

WINDOWS_A_PAGE = 10


@dataclass(frozen=True)
class OpenWindow:
    """A window without a record as a list shows it; the name is masked."""

    number: str
    child: str
    unit_name: str
    first: date
    last: date
    due_at: datetime


@dataclass(frozen=True)
class OpenWindows:
    """Some of the windows without a record, and how many of all are over already."""

    page: Page[OpenWindow]
    late: int


def open_windows_of(ctx: Context, start: int = 0, *, number: str = "") -> OpenWindows:
    """Return the windows of the actor's services that want a record, first those longest over; ``NotAllowed``.

    ``number`` asks for those of one case.
    """
    require(ctx.actor, Action.SEE_SERVICES)
    wanted = _wanted(ctx, number)
    total, late = ctx.session.execute(select(func.count(), late_ones(ctx)).select_from(Duty).where(wanted)).one()
    found = ctx.session.execute(
        select(
            Opened.id.label("opened_id"),
            Case.number,
            Opened.served,
            Unit.name,
            RecordWindow.first,
            RecordWindow.last,
            Duty.due_at,
        )
        .select_from(Duty)
        .join(RecordWindow, and_(RecordWindow.id == Duty.subject_id, Duty.subject_kind == SubjectKind.WINDOW))
        .join(Opened, Opened.id == RecordWindow.opened_id)
        .join(Case, Case.id == Opened.case_id)
        .join(Unit, Unit.id == Opened.unit_id)
        .where(wanted)
        .order_by(Duty.due_at, Duty.id)
        .offset(start)
        .limit(WINDOWS_A_PAGE)
    ).all()
    rows = tuple(
        OpenWindow(row.number, mask_name(ctx.vault.open(row.served)), row.name, row.first, row.last, row.due_at)
        for row in found
    )
    ctx.note_rows("list_windows", "services", [row.opened_id for row in found], ("served",))
    return OpenWindows(Page(total, rows, start), late)


def _wanted(ctx: Context, number: str) -> ColumnElement[bool]:
    """Return which duties these are: of all the actor's services, or of one case."""
    windows = and_(Duty.kind == DutyKind.RECORD_WINDOW, is_open_to(ctx.actor))
    if not number:
        return windows
    of_case = select(RecordWindow.id).join(Opened).join(Case, Case.id == Opened.case_id).where(Case.number == number)
    return and_(windows, Duty.subject_kind == SubjectKind.WINDOW, Duty.subject_id.in_(of_case))
