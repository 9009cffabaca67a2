"""What duties are about, and which units owe them, by name: one question a kind, however many duties there are.

Whoever asks has asked for the duties before, and so may see them (ACC-10).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import BindParameter, Select, String, bindparam, cast, func, null, select

from core.accounts.models import Account, Unit
from core.checks.models import Check
from core.context import Context
from core.database import SealedText
from core.dispatches.models import Case, Dispatch, Opened
from core.duties.models import Duty, SubjectKind
from core.helpdesk.models import HelpRequest
from core.masking import mask_name
from core.records.models import RecordWindow


@dataclass(frozen=True)
class Subject:
    """Its number, and a child's masked name: empty where the duty is about no child."""

    number: str
    child: str


_AMONG: BindParameter[int] = bindparam("ids", expanding=True)
_SERVED = func.coalesce(Dispatch.served, Case.child_name, type_=SealedText())  # REPLY-9
_NAMED: dict[SubjectKind, Select[*tuple[Any, ...]]] = {
    SubjectKind.CHECK: select(Check.id, Check.number, Check.child_name).where(Check.id.in_(_AMONG)),
    SubjectKind.DISPATCH: select(Dispatch.id, Case.number, _SERVED)
    .join(Case, Case.id == Dispatch.case_id)
    .where(Dispatch.id.in_(_AMONG)),
    SubjectKind.WINDOW: select(RecordWindow.id, Case.number, Opened.served)
    .join(Opened, Opened.id == RecordWindow.opened_id)
    .join(Case, Case.id == Opened.case_id)
    .where(RecordWindow.id.in_(_AMONG)),
    SubjectKind.OPENED: select(Opened.id, Case.number, Opened.served)
    .join(Case, Case.id == Opened.case_id)
    .where(Opened.id.in_(_AMONG)),
    SubjectKind.ACCOUNT: select(Account.id, Account.code, null()).where(Account.id.in_(_AMONG)),
    SubjectKind.HELP: select(HelpRequest.id, cast(HelpRequest.id, String).label("number"), null()).where(
        HelpRequest.id.in_(_AMONG)
    ),
}

_UNIT_NAMES = select(Unit.id, Unit.name).where(Unit.id.in_(_AMONG))


def subjects_of(ctx: Context, duties: Sequence[Duty]) -> dict[tuple[SubjectKind, int], Subject]:
    """Return number and masked name of what the duties are about: one query a kind, however many rows."""
    found: dict[tuple[SubjectKind, int], Subject] = {}
    for kind in {duty.subject_kind for duty in duties}:
        for subject_id, number, name in ctx.session.execute(_NAMED[kind], {"ids": _about(duties, kind)}):
            child = mask_name(ctx.vault.open(name)) if name is not None else ""
            found[kind, subject_id] = Subject(number, child)
    return found


def _about(duties: Sequence[Duty], kind: SubjectKind) -> set[int]:
    return {duty.subject_id for duty in duties if duty.subject_kind is kind}


def unit_names(ctx: Context, duties: Sequence[Duty]) -> dict[int | None, str]:
    """Return the names of the units that owe these duties."""
    ids = {duty.unit_id for duty in duties if duty.unit_id is not None}
    if not ids:
        return {}
    return {row.id: row.name for row in ctx.session.execute(_UNIT_NAMES, {"ids": ids})}
