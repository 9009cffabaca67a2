"""The unit's side of a dispatch: assessment and reply, from draft to submitted (REPLY-3 to REPLY-10).

A draft may be incomplete and is kept by its own call; submitting holds it against every rule at once and, refused,
leaves it as it is.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from core.access import Action, account_of
from core.accounts.models import Account
from core.accounts.queries import is_active
from core.context import Context
from core.dates import roc_moment
from core.dispatches import assessment, reply_form
from core.dispatches.assessment import AssessmentForm, Score
from core.dispatches.following import follow_duties
from core.dispatches.kinds import Decision
from core.dispatches.loading import assessment_of, locked, reply_in, who
from core.dispatches.models import Assessment, Dispatch, DispatchState, FormState, Opening, Reply
from core.dispatches.refusals import APPROVED_FIRST, NOTHING_TO_REPLY, SUBMITTED_FIRST
from core.dispatches.refusals import ReplyRefusal as Refused
from core.dispatches.reply_form import ReplyFacts, ReplyForm
from core.dispatches.rules import OWES_REPLY
from core.dispatches.services import opened_before
from core.dispatches.stored import ASSESSMENT, REPLY, opened, sealed
from core.errors import Conflict, RulesBroken


@dataclass(frozen=True)
class Assessed:
    """An assessment that was submitted."""

    score: Score
    at: datetime


@dataclass(frozen=True)
class Replied:
    """A reply that was submitted, and waits for the supervisor."""

    at: datetime


def save_assessment(ctx: Context, dispatch_id: int, form: AssessmentForm) -> None:
    """Keep an assessment as a draft; raises ``RulesBroken`` for one that was submitted (REPLY-3)."""
    row = locked(ctx, dispatch_id, Action.REPLY)
    draft = _unsent_assessment(ctx, row)
    if draft is None:
        draft = Assessment(dispatch_id=row.id, state=FormState.DRAFT)
        ctx.session.add(draft)
    draft.form, draft.written_by, draft.saved_at = sealed(ctx.vault, ASSESSMENT, form), account_of(ctx.actor), ctx.now
    ctx.session.flush()
    ctx.note("save_assessment", f"dispatch:{row.id}", ("form",))


def submit_assessment(ctx: Context, dispatch_id: int) -> Assessed:
    """Submit the draft for good; raises ``RulesBroken`` with everything that is wrong in it (REPLY-3, REPLY-14)."""
    row = locked(ctx, dispatch_id, Action.REPLY)
    draft = _unsent_assessment(ctx, row)
    if draft is None:
        raise RulesBroken((Refused.NO_ASSESSMENT_DRAFT.broken(),))
    form = opened(ctx.vault, ASSESSMENT, draft.form)
    broken = assessment.broken_rules(form, ctx.today)
    if broken:
        raise RulesBroken(broken)
    score = assessment.score(form.risks)
    draft.state, draft.submitted_at, draft.score = FormState.SUBMITTED, ctx.now, score.total
    draft.written_by = account_of(ctx.actor)
    ctx.session.flush()
    ctx.note("submit_assessment", f"dispatch:{row.id}", ("state", "score"))
    return Assessed(score, ctx.now)


def save_reply(ctx: Context, dispatch_id: int, form: ReplyForm) -> None:
    """Keep a reply as a draft; raises ``Conflict`` where none is owed, with who was first."""
    row = _owing(ctx, dispatch_id)
    draft = reply_in(ctx, row.id, FormState.DRAFT)
    if draft is None:
        draft = Reply(dispatch_id=row.id, state=FormState.DRAFT)
        ctx.session.add(draft)
    draft.form, draft.written_by, draft.saved_at = sealed(ctx.vault, REPLY, form), account_of(ctx.actor), ctx.now
    ctx.session.flush()
    ctx.note("save_reply", f"dispatch:{row.id}", ("form",))


def submit_reply(ctx: Context, dispatch_id: int) -> Replied:
    """Submit the draft to the supervisor: what was owed is met.

    Raises ``RulesBroken`` with everything that is wrong in it, and ``Conflict`` where a reply was submitted before.
    """
    row = _owing(ctx, dispatch_id)
    draft = reply_in(ctx, row.id, FormState.DRAFT)
    if draft is None:
        raise RulesBroken((Refused.NO_DRAFT.broken(),))
    form = opened(ctx.vault, REPLY, draft.form)
    broken = reply_form.broken_rules(form, facts_of(ctx, row), ctx.today)
    if broken:
        raise RulesBroken(broken)
    draft.state, draft.submitted_at, draft.written_by = FormState.SUBMITTED, ctx.now, account_of(ctx.actor)
    _take_over(ctx, row, form)
    ctx.session.flush()
    follow_duties(ctx, row)
    ctx.note("submit_reply", f"dispatch:{row.id}", ("state", "opening", "responsible"))
    return Replied(ctx.now)


def facts_of(ctx: Context, row: Dispatch) -> ReplyFacts:
    """Return what a reply to a dispatch is held against."""
    assessed = assessment_of(ctx, row.id)
    return ReplyFacts(
        needs_assessment=row.needs_assessment,
        assessed=assessed is not None and assessed.state is FormState.SUBMITTED,
        asks_guidance=row.asks_guidance,
        before=opened_before(ctx, row),
    )


def _unsent_assessment(ctx: Context, row: Dispatch) -> Assessment | None:
    found = assessment_of(ctx, row.id)
    if found is not None and found.state is not FormState.DRAFT:
        at = roc_moment(found.submitted_at or found.saved_at)
        raise RulesBroken((Refused.ASSESSMENT_FINAL.broken(at=at),))
    return found


def _owing(ctx: Context, dispatch_id: int) -> Dispatch:
    """Return a dispatch that owes a reply; raises ``Conflict`` that says who answered it, or where it stands."""
    row = locked(ctx, dispatch_id, Action.REPLY)
    if row.state in OWES_REPLY:
        return row
    sent = reply_in(ctx, row.id, FormState.SUBMITTED, FormState.APPROVED)
    if sent is not None and sent.state is FormState.APPROVED and sent.decided_at is not None:
        raise Conflict(APPROVED_FIRST.format(who=who(ctx, sent.decided_by), at=roc_moment(sent.decided_at)))
    if sent is not None and sent.submitted_at is not None:
        raise Conflict(SUBMITTED_FIRST.format(who=who(ctx, sent.written_by), at=roc_moment(sent.submitted_at)))
    raise Conflict(NOTHING_TO_REPLY.format(state=row.state.label))


def _take_over(ctx: Context, row: Dispatch, form: ReplyForm) -> None:
    """Let the dispatch say what the reply decided."""
    row.state, row.returned_at = DispatchState.SUBMITTED, None
    if form.decision is not Decision.OPEN:
        row.opening = Opening.NOT_OPEN
        return
    name = form.responsible.strip()
    of_unit = (Account.unit_id == row.unit_id, Account.name_key == ctx.vault.look_up("name", name))
    found = ctx.session.scalars(select(Account.id).where(*of_unit, is_active(ctx.today))).all()
    row.opening, row.responsible = form.opening, ctx.vault.seal(name)
    row.responsible_id = found[0] if len(found) == 1 else None
