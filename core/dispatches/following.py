"""What a dispatch owes, kept as duties that follow its state (REPLY-1, REPLY-11)."""

from __future__ import annotations

from core.context import Context
from core.dispatches import rules
from core.dispatches.models import Dispatch
from core.duties.following import Subject, follow_all
from core.duties.models import SubjectKind
from core.duties.owing import Owing
from core.duties.plans import DutyKind

KINDS = (DutyKind.REPLY, DutyKind.RETURNED_REPLY)


def follow_duties(ctx: Context, *rows: Dispatch) -> None:
    """Open, move or end the duties of dispatches as their state says."""
    follow_all(ctx, [(subject_of(row), owing_of(ctx, row)) for row in rows], KINDS)


def subject_of(row: Dispatch) -> Subject:
    """Return a dispatch as what duties are about."""
    return Subject(SubjectKind.DISPATCH, row.id, row.unit_id, row.responsible_id)


def owing_of(ctx: Context, row: Dispatch) -> Owing | None:
    """Return what a dispatch owes as it stands."""
    return rules.owed(row.state, row.dispatched_on, row.returned_at, ctx.policy.returned_reply_days)
