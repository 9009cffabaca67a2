"""What is shown of a dispatch's forms to whoever writes or reviews them: in full, and noted in the audit."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from core.access import Action, require
from core.context import Context
from core.dispatches.assessment import AssessmentForm, Score, score
from core.dispatches.loading import assessment_of, reply_in, who
from core.dispatches.models import Dispatch, FormState, Opening, Reply
from core.dispatches.reply_form import ReplyForm, true_opening
from core.dispatches.services import opened_before
from core.dispatches.stored import ASSESSMENT, REPLY, opened
from core.errors import NotFound


@dataclass(frozen=True)
class AssessmentView:
    """An assessment as it stands; its score as far as it is filled in (REPLY-14)."""

    form: AssessmentForm
    state: FormState
    score: Score
    by: str
    """Who wrote it, masked; empty: nobody yet."""
    at: datetime | None


@dataclass(frozen=True)
class ReplyView:
    """The reply to begin or go on with, and what is known for it."""

    form: ReplyForm
    state: FormState
    number: str
    child: str
    """The child to serve, in full: the form is about it (REPLY-9)."""
    true_opening: Opening
    """The one kind of opening that is true (REPLY-6)."""
    needs_assessment: bool
    asks_guidance: bool
    by: str
    at: datetime | None
    returned_because: str
    """Why the supervisor returned it; the form holds what was returned then, to be corrected."""


def show_assessment(ctx: Context, dispatch_id: int) -> AssessmentView:
    """Return the assessment of a dispatch, empty where none was begun; raises ``NotFound`` for another unit's."""
    row = _seen(ctx, dispatch_id, "show_assessment")
    found = assessment_of(ctx, row.id)
    if found is None:
        return AssessmentView(AssessmentForm(), FormState.DRAFT, score(()), "", None)
    form = opened(ctx.vault, ASSESSMENT, found.form)
    at = found.submitted_at or found.saved_at
    return AssessmentView(form, found.state, score(form.risks), who(ctx, found.written_by), at)


def show_reply(ctx: Context, dispatch_id: int) -> ReplyView:
    """Return the newest reply to a dispatch; a returned one is what its correction begins with."""
    row = _seen(ctx, dispatch_id, "show_reply")
    found, returned = reply_in(ctx, row.id, *FormState), reply_in(ctx, row.id, FormState.RETURNED)
    because = returned.reason if returned and _is_open(found) else None
    return ReplyView(
        form=opened(ctx.vault, REPLY, found.form) if found else ReplyForm(),
        state=found.state if found else FormState.DRAFT,
        number=row.case.number,
        child=ctx.vault.open(row.served or row.case.child_name),
        true_opening=true_opening(opened_before(ctx, row)),
        needs_assessment=row.needs_assessment,
        asks_guidance=row.asks_guidance,
        by=who(ctx, found.written_by) if found else "",
        at=(found.submitted_at or found.saved_at) if found else None,
        returned_because=ctx.vault.open(because) if because else "",
    )


def _is_open(found: Reply | None) -> bool:
    return found is not None and found.state in {FormState.DRAFT, FormState.RETURNED}


def _seen(ctx: Context, dispatch_id: int, act: str) -> Dispatch:
    require(ctx.actor, Action.SEE_DISPATCHES)
    row = ctx.session.scalar(select(Dispatch).where(Dispatch.id == dispatch_id))
    if row is None:
        raise NotFound
    require(ctx.actor, Action.SEE_DISPATCHES, row.unit_id)
    ctx.note(act, f"dispatch:{row.id}", ("form", "child_name"))
    return row
