"""How the duties of a check follow its state (CHK-1, CHK-10)."""

from __future__ import annotations

from core.checks import rules
from core.checks.models import Check
from core.context import Context
from core.duties.following import Subject, follow_all
from core.duties.models import SubjectKind
from core.duties.owing import Owing
from core.duties.plans import DutyKind

KINDS = (DutyKind.CHECK, DutyKind.RETURNED_CHECK)


def follow_check(ctx: Context, *checks: Check) -> None:
    """Open what checks owe now, and end what they no longer owe."""
    follow_all(ctx, [(subject_of(check), owing_of(ctx, check)) for check in checks], KINDS)


def subject_of(check: Check) -> Subject:
    """Return a check as duties speak of it."""
    return Subject(SubjectKind.CHECK, check.id, check.unit_id)


def owing_of(ctx: Context, check: Check) -> Owing | None:
    """Return what a check owes as it stands, or None."""
    return rules.owed(check.state, check.assigned_at, check.returned_at, ctx.policy.returned_check_hours)
