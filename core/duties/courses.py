"""What the stages of a duty follow from, with the policy and the calendar of the moment."""

from __future__ import annotations

from datetime import datetime

from core.context import Context
from core.duties.models import Duty
from core.duties.plans import DutyKind
from core.duties.rules import Course


def course_of(ctx: Context, duty: Duty) -> Course:
    """Return what the stages of a duty follow from, as policy and calendar are now."""
    return course(ctx, duty.kind, duty.due_at, duty.arose_at)


def course(ctx: Context, kind: DutyKind, due_at: datetime, arose_at: datetime) -> Course:
    """Return what the stages of a duty of a kind follow from, due and arisen at these moments."""
    return Course(ctx.policy.plan(kind), due_at, arose_at, ctx.calendar, ctx.policy.digest_time())
