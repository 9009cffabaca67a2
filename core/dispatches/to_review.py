"""What a supervisor is shown to review replies: which wait, oldest first, and one in full (REPLY-11, DUTY-2)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import and_, func, select

from core.access import Action, require
from core.context import Context
from core.dispatches import tallies
from core.dispatches.assessment import AssessmentForm, Score, score
from core.dispatches.loading import assessment_of, reply_in, who
from core.dispatches.models import Dispatch, DispatchState, FormState, Reply
from core.dispatches.reply_form import ReplyForm, no_longer_true
from core.dispatches.reviewing import version_of
from core.dispatches.services import opened_before
from core.dispatches.stored import ASSESSMENT, REPLY, opened
from core.errors import Broken, NotFound
from core.masking import mask_name
from core.paging import Page, clamped
from core.reviews import ReviewRow, Standing
from core.scoping import within

SENT = frozenset({FormState.SUBMITTED, FormState.APPROVED, FormState.RETURNED})
WAITS = Dispatch.state == DispatchState.SUBMITTED


@dataclass(frozen=True)
class ReplyToReview:
    """A reply as it was sent, with what it is held against."""

    version: int
    number: str
    child: str
    """In full for who may see names."""
    unit_name: str
    dispatched_on: date
    by: str
    """Who sent it, masked; empty: the main system does not say."""
    sent_at: datetime | None
    form: ReplyForm | None
    """None: the main system alone holds it."""
    assessment: AssessmentForm | None
    score: Score | None
    asks_guidance: bool
    broken: Broken | None
    """Why it cannot be approved any more (REPLY-6)."""
    is_own: bool
    decided: Standing | None
    """None: it waits."""


def count(ctx: Context) -> int:
    """Return how many replies wait for the actor's review: as many as ``waiting`` lists (DUTY-2)."""
    require(ctx.actor, Action.REVIEW_REPLIES)
    return tallies.SUMS.counted(ctx.session, ctx.actor.units, (DispatchState.SUBMITTED,))


def waiting(ctx: Context, start: int = 0, limit: int = 10) -> Page[ReviewRow]:
    """Return some replies that wait, the one sent first before all; those the main system holds come last."""
    total = count(ctx)
    newest = (
        select(func.max(Reply.id))
        .where(Reply.dispatch_id == Dispatch.id, Reply.state == FormState.SUBMITTED)
        .correlate(Dispatch)
        .scalar_subquery()
    )
    found = ctx.session.execute(
        select(Dispatch, Reply)
        .outerjoin(Reply, and_(Reply.dispatch_id == Dispatch.id, Reply.id == newest))
        .where(WAITS, within(ctx.actor.units, Dispatch.unit_id))
        .order_by(Reply.submitted_at.is_(None), Reply.submitted_at, Dispatch.id)
        .offset(start)
        .limit(clamped(limit))
    )
    rows = tuple(_row(ctx, dispatch, reply) for dispatch, reply in found)
    ctx.note_rows("list_dispatches", "dispatches", [row.key for row in rows], ("child_name", "served"))
    return Page(total, rows, start)


def reply_to_review(ctx: Context, dispatch_id: int) -> ReplyToReview:
    """Return the reply that waits, or the one that was decided on last; raises ``NotFound`` where none was sent."""
    require(ctx.actor, Action.REVIEW_REPLIES)
    row = ctx.session.get(Dispatch, dispatch_id)
    if row is None:
        raise NotFound
    require(ctx.actor, Action.REVIEW_REPLIES, row.unit_id)
    waits = row.state is DispatchState.SUBMITTED
    reply = reply_in(ctx, row.id, *({FormState.SUBMITTED} if waits else SENT))
    if reply is None and not waits:
        raise NotFound
    ctx.note("show_reply", f"dispatch:{row.id}", ("form", "child_name", "assessment"))
    return _shown(ctx, row, reply, waits=waits)


def _shown(ctx: Context, row: Dispatch, reply: Reply | None, *, waits: bool) -> ReplyToReview:
    form = opened(ctx.vault, REPLY, reply.form) if reply else None
    assessed = assessment_of(ctx, row.id)
    is_assessed = assessed is not None and assessed.state is FormState.SUBMITTED
    assessment = opened(ctx.vault, ASSESSMENT, assessed.form) if assessed and is_assessed else None
    return ReplyToReview(
        version=version_of(reply),
        number=row.case.number,
        child=_child(ctx, row),
        unit_name=row.unit.name,
        dispatched_on=row.dispatched_on,
        by=who(ctx, reply.written_by) if reply else "",
        sent_at=reply.submitted_at if reply else None,
        form=form,
        assessment=assessment,
        score=score(assessment.risks) if assessment else None,
        asks_guidance=row.asks_guidance,
        broken=no_longer_true(form, opened_before(ctx, row)) if form and waits else None,
        is_own=reply is not None and reply.written_by == ctx.actor.account_id,
        decided=None if waits else _decided(ctx, row, reply),
    )


def _decided(ctx: Context, row: Dispatch, reply: Reply | None) -> Standing:
    if reply is None or reply.decided_at is None:
        return Standing(row.state.label)
    reason = ctx.vault.open(reply.reason) if reply.reason else ""
    return Standing(reply.state.label, who(ctx, reply.decided_by), reply.decided_at, reason)


def _child(ctx: Context, row: Dispatch) -> str:
    name = ctx.vault.open(row.served or row.case.child_name)
    return name if ctx.actor.may(Action.SEE_NAMES) else mask_name(name)


def _row(ctx: Context, row: Dispatch, reply: Reply | None) -> ReviewRow:
    return ReviewRow(
        key=str(row.id),
        number=row.case.number,
        child=mask_name(ctx.vault.open(row.served or row.case.child_name)),
        unit_name=row.unit.name,
        sent_at=reply.submitted_at if reply else None,
        by=who(ctx, reply.written_by) if reply else "",
        about=row.opening.label if row.opening else "",
        is_own=reply is not None and reply.written_by == ctx.actor.account_id,
    )
