"""What the stages of a duty follow from, with the policy and the calendar of the moment."""

from __future__ import annotations

from datetime import datetime, time

from core.context import Context
from core.duties.models import Duty
from core.duties.plans import DutyKind
from core.duties.rules import Course, ahead_of_digest
from core.notices.models import Urgency
from core.notices.rules import not_before
from core.policy import Policy


def course_of(ctx: Context, duty: Duty) -> Course:
    """Return what the stages of a duty follow from, as policy and calendar are now."""
    return course(ctx, duty.kind, duty.due_at, duty.arose_at)


def course(ctx: Context, kind: DutyKind, due_at: datetime, arose_at: datetime) -> Course:
    """Return what the stages of a duty of a kind follow from, due and arisen at these moments."""
    return Course(ctx.policy.plan(kind), due_at, arose_at, ctx.calendar, ctx.policy.digest_time())


def alone_at(policy: Policy, due_at: datetime, at: datetime, now: datetime, own: time) -> datetime | None:
    """Return when a routine stage is said by itself, because it is of the due day and the digest comes too late.

    ``at`` is the moment of the stage, ``own`` when its person's digest is said. None: it waits for the digest, also
    where the night would not let it out before it is late.
    """
    by = ahead_of_digest(due_at, at, own, policy.digest_time())
    said_at = None if by is None else not_before(Urgency.AT_ONCE, max(by, now), policy)
    return said_at if said_at is not None and said_at <= due_at else None
