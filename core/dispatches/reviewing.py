"""The supervisor's side of a reply: approved, or returned with a reason (REPLY-11)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from core.access import Action
from core.context import Context
from core.dates import roc_moment
from core.dispatches.following import follow_duties
from core.dispatches.forms_notices import approved_answer
from core.dispatches.loading import locked, reply_in, who
from core.dispatches.models import Dispatch, DispatchState, FormState, Reply
from core.dispatches.refusals import APPROVED_FIRST, NOTHING_TO_REVIEW, RETURNED_FIRST, SENT_AGAIN
from core.dispatches.refusals import ReplyRefusal as Refused
from core.dispatches.reply_form import no_longer_true
from core.dispatches.services import follow_services, opened_before
from core.dispatches.stored import REPLY, opened
from core.errors import Conflict, RulesBroken
from core.notices.models import NoticeKind, Urgency
from core.notices.service import ToAccount, say
from core.wording import characters, is_blank

REASON_AT_MOST = 1000  # characters, as people count


@dataclass(frozen=True)
class Decided:
    """What a supervisor decided on a reply, and when."""

    state: FormState
    at: datetime


def approve_reply(ctx: Context, dispatch_id: int, seen: int | None = None) -> Decided:
    """Approve the reply that waits: what it decided holds from now on.

    ``seen`` is the version that was shown (``version_of``); another one is not decided. Raises ``RulesBroken`` for
    one's own reply and for an opening that is true no more (REPLY-6), ``Conflict`` that says who was first.
    """
    row, reply = _waiting(ctx, dispatch_id, seen)
    _check_opening(ctx, row, reply)
    _decide(ctx, reply, FormState.APPROVED)
    row.state = DispatchState.ANSWERED
    ctx.session.flush()
    follow_duties(ctx, row)
    follow_services(ctx, (row,))
    ctx.note("approve_reply", f"dispatch:{row.id}", ("state",))
    if reply is not None:
        _tell_writer(ctx, row, reply)
    return Decided(FormState.APPROVED, ctx.now)


def return_reply(ctx: Context, dispatch_id: int, reason: str, seen: int | None = None) -> Decided:
    """Return the reply that waits, with the reason; its unit owes a corrected one (REPLY-11).

    Raises ``RulesBroken`` for one's own reply and for a reason that says nothing or too much, ``Conflict`` that says
    who was first. The unit is told at once by the duty that arises.
    """
    row, reply = _waiting(ctx, dispatch_id, seen)
    _check_reason(reason)
    _decide(ctx, reply, FormState.RETURNED, reason)
    row.state, row.returned_at = DispatchState.RETURNED, ctx.now
    ctx.session.flush()
    follow_duties(ctx, row)
    ctx.note("return_reply", f"dispatch:{row.id}", ("state", "reason"))
    return Decided(FormState.RETURNED, ctx.now)


def version_of(reply: Reply | None) -> int:
    """Return what tells one try from the next: a corrected reply is another row; 0: it is in the main system alone."""
    return reply.id if reply is not None else 0


def _waiting(ctx: Context, dispatch_id: int, seen: int | None) -> tuple[Dispatch, Reply | None]:
    """Return a dispatch whose reply waits, with the reply; none where the main system holds it."""
    row = locked(ctx, dispatch_id, Action.REVIEW_REPLIES)
    if row.state is not DispatchState.SUBMITTED:
        raise Conflict(_first(ctx, row))
    reply = reply_in(ctx, row.id, FormState.SUBMITTED)
    if seen is not None and version_of(reply) != seen:
        raise Conflict(_sent_again(ctx, row, reply))
    if reply is not None and reply.written_by == ctx.actor.account_id:
        raise RulesBroken((Refused.OWN_REPLY.broken(),))
    return row, reply


def _first(ctx: Context, row: Dispatch) -> str:
    """Return who decided on the newest reply, and when."""
    decided = reply_in(ctx, row.id, FormState.APPROVED, FormState.RETURNED)
    if decided is None or decided.decided_at is None:
        return NOTHING_TO_REVIEW.format(state=row.state.label)
    text = APPROVED_FIRST if decided.state is FormState.APPROVED else RETURNED_FIRST
    return text.format(who=who(ctx, decided.decided_by), at=roc_moment(decided.decided_at))


def _sent_again(ctx: Context, row: Dispatch, reply: Reply | None) -> str:
    if reply is None or reply.submitted_at is None:
        return NOTHING_TO_REVIEW.format(state=row.state.label)
    return SENT_AGAIN.format(who=who(ctx, reply.written_by), at=roc_moment(reply.submitted_at))


def _check_opening(ctx: Context, row: Dispatch, reply: Reply | None) -> None:
    """Refuse an opening that was true when the reply was sent: the family's services are held from here on."""
    if reply is None:
        return
    broken = no_longer_true(opened(ctx.vault, REPLY, reply.form), opened_before(ctx, row))
    if broken is not None:
        raise RulesBroken((broken,))


def _check_reason(reason: str) -> None:
    if is_blank(reason):
        raise RulesBroken((Refused.NO_RETURN_REASON.broken(),))
    length = characters(reason)
    if length > REASON_AT_MOST:
        raise RulesBroken((Refused.LONG_RETURN_REASON.broken(length=str(length)),))


def _decide(ctx: Context, reply: Reply | None, state: FormState, reason: str = "") -> None:
    if reply is not None:
        reply.state, reply.decided_by, reply.decided_at = state, ctx.actor.account_id, ctx.now
        reply.reason = ctx.vault.seal(reason.strip()) if reason else None


def _tell_writer(ctx: Context, row: Dispatch, reply: Reply) -> None:
    say(
        ctx,
        to=ToAccount(reply.written_by),
        answer=approved_answer(row.case.number, row.opening, ctx.now),
        kind=NoticeKind.DECISION,
        key=f"reply:{reply.id}:approved",
        urgency=Urgency.AT_ONCE,
    )
