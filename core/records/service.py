"""Writing work records: drafts, sending, correcting; the duties of the windows follow (REC-1, REC-4, REC-5).

A service is opened by a reply and ended by closing; both let the windows follow by ``following.follow_windows``.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import ColumnElement, delete, select

from core.access import Action, account_of, require
from core.closures.following import follow_closing
from core.context import Context
from core.dispatches.models import Member, Opened
from core.errors import NotFound, RulesBroken
from core.records.following import follow_windows
from core.records.form import RecordFacts, RecordForm, broken_rules
from core.records.kinds import ProblemType
from core.records.models import RecordDraft, WorkRecord
from core.records.opened import held_open
from core.records.reported import reported_problems
from core.records.rules import Window, carried_problems
from core.records.stored import StoredRecord, opened, sealed


@dataclass(frozen=True)
class Written:
    """A work record as it stands, and the windows of its service that still need one, oldest first."""

    record_id: int
    served_on: date
    owed: tuple[Window, ...]
    problems: tuple[ProblemType, ...]


def save_record_draft(ctx: Context, opened_id: int, form: RecordForm) -> datetime:
    """Keep a record as far as it is filled in, beside other writers' drafts; return when."""
    service = held_open(ctx, opened_id, Action.RECORD)
    draft = ctx.session.scalar(select(RecordDraft).where(*_mine(ctx, service)))
    if draft is None:
        draft = RecordDraft(opened_id=service.id, written_by=account_of(ctx.actor))
        ctx.session.add(draft)
    draft.form, draft.saved_at = sealed(ctx.vault, StoredRecord(form)), ctx.now
    ctx.note("save_record_draft", f"opened:{service.id}", ("form",))
    ctx.session.flush()
    return ctx.now


def add_record(ctx: Context, opened_id: int, form: RecordForm) -> Written:
    """Send a work record: its window is met, however long ago it was (REC-1); the writer's draft is gone.

    Raises ``RulesBroken`` with every broken rule of REC-4, ``Conflict`` where the service is over.
    """
    service = held_open(ctx, opened_id, Action.RECORD)
    stored = StoredRecord(form, carried_problems(reported_problems(ctx, service.case_id)))
    row = WorkRecord(opened_id=service.id, written_by=account_of(ctx.actor), written_at=ctx.now)
    _fill(ctx, service, row, stored)
    ctx.session.add(row)
    ctx.session.execute(delete(RecordDraft).where(*_mine(ctx, service)))
    return _conclude(ctx, service, row, stored, "add_record")


def correct_record(ctx: Context, record_id: int, form: RecordForm) -> Written:
    """Replace what a work record says, its service date too: a window it leaves is owed again.

    Raises as ``add_record`` does, and ``NotFound``.
    """
    require(ctx.actor, Action.RECORD)
    opened_id = ctx.session.scalar(select(WorkRecord.opened_id).where(WorkRecord.id == record_id))
    if opened_id is None:
        raise NotFound
    service = held_open(ctx, opened_id, Action.RECORD)
    row = ctx.session.get_one(WorkRecord, record_id, populate_existing=True)
    stored = StoredRecord(form, opened(ctx.vault, row.form).problems)
    _fill(ctx, service, row, stored)
    row.corrected_by, row.corrected_at = account_of(ctx.actor), ctx.now
    return _conclude(ctx, service, row, stored, "correct_record")


def _fill(ctx: Context, service: Opened, row: WorkRecord, stored: StoredRecord) -> None:
    form = stored.form
    broken = broken_rules(form, RecordFacts(service.opened_on, _members(ctx, service)), ctx.today)
    if broken or form.served_on is None or form.schooling is None:
        raise RulesBroken(broken)
    row.served_on, row.schooling, row.form = form.served_on, form.schooling, sealed(ctx.vault, stored)


def _conclude(ctx: Context, service: Opened, row: WorkRecord, stored: StoredRecord, act: str) -> Written:
    ctx.session.flush()
    owed = follow_windows(ctx, service)
    follow_closing(ctx, service)  # July is owed or not by what was recorded before graduation
    ctx.note(act, f"record:{row.id}", ("served_on", "schooling", "form"))
    return Written(row.id, row.served_on, owed, stored.problems)


def _members(ctx: Context, service: Opened) -> frozenset[str]:
    names = ctx.session.scalars(select(Member.name).where(Member.family_id == service.family_id))
    return frozenset(ctx.vault.open(name) for name in (*names, service.served))


def _mine(ctx: Context, service: Opened) -> tuple[ColumnElement[bool], ...]:
    return RecordDraft.opened_id == service.id, RecordDraft.written_by == ctx.actor.account_id
