"""The supervisor's side of closing: approved, or returned with a reason (CLOSE-9)."""

from __future__ import annotations

from sqlalchemy import and_, select

from core.access import Action, require
from core.accounts.models import Account
from core.closures.filing import opened
from core.closures.following import follow_closing, follow_service
from core.closures.form import broken_rules
from core.closures.kinds import Act, ClosureState
from core.closures.loading import facts_of, held_closure
from core.closures.models import Closure
from core.closures.notices import approved_answer
from core.closures.refusals import sent_again
from core.closures.service import Sent
from core.closures.steps import add_step, refuse_act, steps_of, version_of
from core.context import Context
from core.dispatches.models import Case, Dispatch, DispatchState, Opened
from core.dispatches.rules import OPENS
from core.errors import RulesBroken
from core.masking import mask_name
from core.notices.models import NoticeKind, Urgency
from core.notices.service import ToAccount, say


def approve_closure(ctx: Context, closure_id: int, seen: int | None = None) -> Sent:
    """Approve a form: the service ends on its closing date, its windows are void, its writer is told.

    ``seen`` is the version that was shown (``version_of``); another one is not decided.
    Raises ``Conflict`` naming who decided before, ``RulesBroken`` for one's own form and for what does not hold any
    more (a new dispatch came in, a record was corrected).
    """
    _hold_dispatches(ctx, closure_id)
    closure = held_closure(ctx, closure_id, Action.REVIEW_CLOSURES)
    refuse_act(ctx, closure, Act.APPROVE)
    _refuse_unseen(ctx, closure, seen)
    filing, service = opened(ctx.vault, closure.form), closure.opened
    broken = broken_rules(filing.form, facts_of(ctx, service, filing), ctx.today)
    if broken:
        raise RulesBroken(broken)
    closure.state, service.closed_on = ClosureState.APPROVED, closure.closing_on
    _close_dispatches(ctx, service)
    follow_service(ctx, service)
    return _decided(ctx, closure, Act.APPROVE, "")


def return_closure(ctx: Context, closure_id: int, reason: str, seen: int | None = None) -> Sent:
    """Return a form with a reason; its unit owes a correction, and is told at once by that duty (CLOSE-9).

    Raises ``Conflict`` naming who decided before, ``RulesBroken`` for one's own form and for a reason that
    is blank or too long.
    """
    closure = held_closure(ctx, closure_id, Action.REVIEW_CLOSURES)
    refuse_act(ctx, closure, Act.RETURN, reason)
    _refuse_unseen(ctx, closure, seen)
    closure.state = ClosureState.RETURNED
    decided = _decided(ctx, closure, Act.RETURN, reason)
    follow_closing(ctx, closure.opened)
    return decided


def _decided(ctx: Context, closure: Closure, act: Act, reason: str) -> Sent:
    add_step(ctx, closure, act, reason)
    ctx.note(f"{act.value}_closure", f"closure:{closure.id}", ("state", "reason") if reason else ("state",))
    if act is Act.APPROVE:
        number = ctx.session.scalar(select(Case.number).where(Case.id == closure.opened.case_id)) or ""
        say(
            ctx,
            to=ToAccount(closure.written_by),
            answer=approved_answer(number, closure.closing_on),
            kind=NoticeKind.DECISION,
            key=f"closure:{closure.id}:approved",
            urgency=Urgency.AT_ONCE,
        )
    return Sent(closure.id, closure.closing_on, closure.state)


def _refuse_unseen(ctx: Context, closure: Closure, seen: int | None) -> None:
    """Raise ``Conflict`` with who sent the form again, and when, where another version was shown."""
    if seen is not None and version_of(steps_of(ctx, closure)) != seen:
        writer = ctx.session.get_one(Account, closure.written_by)
        raise sent_again(mask_name(ctx.vault.open(writer.name)), closure.sent_at)


def _hold_dispatches(ctx: Context, closure_id: int) -> None:
    """Hold what the form will close before its service: replies and lists hold them in this order too."""
    require(ctx.actor, Action.REVIEW_CLOSURES)
    behind = (
        select(Dispatch.id)
        .join(Case, Case.id == Dispatch.case_id)
        .join(Opened, and_(Opened.family_id == Case.family_id, Opened.unit_id == Dispatch.unit_id))
        .join(Closure, Closure.opened_id == Opened.id)
        .where(Closure.id == closure_id)
        .order_by(Dispatch.id)
    )
    ctx.session.execute(behind.with_for_update(of=Dispatch))


def _close_dispatches(ctx: Context, service: Opened) -> None:
    """Let the answered dispatches behind a service be closed: the case's light follows them (REC-7)."""
    asked = select(Dispatch).join(Case, Case.id == Dispatch.case_id).where(
        Case.family_id == service.family_id,
        Dispatch.unit_id == service.unit_id,
        Dispatch.state == DispatchState.ANSWERED,
        Dispatch.opening.in_(OPENS),
    )  # fmt: skip
    for row in ctx.session.scalars(asked.with_for_update(of=Dispatch)):
        row.state = DispatchState.CLOSED
    ctx.session.flush()
