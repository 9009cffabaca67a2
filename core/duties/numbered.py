"""What is owed about one case or one check, asked by its number (ACC-10: as far as the asker sees it)."""

from __future__ import annotations

from typing import Any

from sqlalchemy import ColumnElement, Select, and_, or_, select

from core.checks.models import Check
from core.context import Context
from core.dispatches.models import Case, Dispatch, Opened
from core.duties.models import Duty, SubjectKind
from core.duties.queries import Owed, looked_up, note_shown, numbers_of, seen_duty
from core.records.models import RecordWindow
from core.secrets import folded


def owed_about(ctx: Context, number: str, limit: int) -> Owed:
    """Return what the actor sees as owed about the case or check of a number as typed, most pressing first.

    A number that is not there, one of another unit and one that nothing is owed about are the same: nothing.
    """
    found = looked_up(ctx, _about(folded(number)), 0, limit)
    note_shown(ctx, found.rows)
    return found


def number_of(ctx: Context, duty_id: int) -> str:
    """Return the number of what a duty is about; raises ``NotFound`` when the duty is not the actor's."""
    return numbers_of(ctx, (seen_duty(ctx, duty_id),))[duty_id]


def _about(number: str) -> ColumnElement[bool]:
    return or_(*(_of(kind, ids.where(table.number == number)) for kind, table, ids in _SUBJECTS))


def _of(kind: SubjectKind, ids: Select[Any]) -> ColumnElement[bool]:
    return and_(Duty.subject_kind == kind, Duty.subject_id.in_(ids))


_SUBJECTS: tuple[tuple[SubjectKind, type[Case | Check], Select[Any]], ...] = (
    (SubjectKind.CHECK, Check, select(Check.id)),
    (SubjectKind.DISPATCH, Case, select(Dispatch.id).join(Case, Case.id == Dispatch.case_id)),
    (SubjectKind.OPENED, Case, select(Opened.id).join(Case, Case.id == Opened.case_id)),
    (
        SubjectKind.WINDOW,
        Case,
        select(RecordWindow.id).join(Opened, Opened.id == RecordWindow.opened_id).join(Case, Case.id == Opened.case_id),
    ),
)
