"""The applicant's side of closing: what is known of the pupil, drafts, sending, correcting, deleting (CLOSE-1 to -9).

Sending refuses without touching the draft. The supervisor's side is ``reviewing.py``.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import ColumnElement, delete, select

from core.access import Action, account_of
from core.closures.facts import Leaving, Statement
from core.closures.filing import Filing, sealed
from core.closures.following import follow_closing
from core.closures.form import broken_rules
from core.closures.kinds import Act, ClosureState
from core.closures.loading import facts_of, held_closure, live_closure
from core.closures.models import Closure, ClosureDraft, Departure
from core.closures.refusals import closed_elsewhere, sent_already
from core.closures.steps import add_step, refuse_act
from core.context import Context
from core.dispatches.models import Opened
from core.errors import RulesBroken
from core.records.opened import held_open


@dataclass(frozen=True)
class Sent:
    """A closure form that waits for the supervisor."""

    closure_id: int
    closing_on: date
    state: ClosureState


def note_leaving(ctx: Context, opened_id: int, leaving: Leaving | None) -> None:
    """Keep that a pupil stopped coming, or (None) that it was a mistake; leaving owes a closure (CLOSE-3)."""
    service = held_open(ctx, opened_id, Action.CLOSE)
    _keep_leaving(ctx, service, leaving)
    follow_closing(ctx, service)
    ctx.note("note_leaving", f"opened:{service.id}", ("how", "left_on"))


def note_graduation(ctx: Context, opened_id: int, graduates_on: date | None) -> None:
    """Keep when a pupil graduates, or (None) that nothing is known; from July on it owes a closure (CLOSE-4)."""
    service = held_open(ctx, opened_id, Action.CLOSE)
    service.graduates_on = graduates_on
    follow_closing(ctx, service)
    ctx.note("note_graduation", f"opened:{service.id}", ("graduates_on",))


def save_closure_draft(ctx: Context, opened_id: int, filing: Filing) -> datetime:
    """Keep a closure as far as it is filled in, beside other writers' drafts; return when."""
    service = held_open(ctx, opened_id, Action.CLOSE)
    draft = ctx.session.scalar(select(ClosureDraft).where(*_mine(ctx, service)))
    if draft is None:
        draft = ClosureDraft(opened_id=service.id, written_by=account_of(ctx.actor))
        ctx.session.add(draft)
    draft.form, draft.saved_at = sealed(ctx.vault, filing), ctx.now
    ctx.note("save_closure_draft", f"opened:{service.id}", ("form",))
    ctx.session.flush()
    return ctx.now


def apply_closure(ctx: Context, opened_id: int, filing: Filing) -> Sent:
    """Send a closure form: it waits for the supervisor, and what was owed is met.

    Raises ``RulesBroken`` with every broken rule of CLOSE-1 to CLOSE-8, ``Conflict`` where a form was sent already.
    """
    service = held_open(ctx, opened_id, Action.CLOSE)
    before = live_closure(ctx, service)
    if before is not None:
        raise sent_already(before.state, before.sent_at)
    return _send(ctx, service, Closure(opened_id=service.id), filing, "apply_closure")


def resend_closure(ctx: Context, closure_id: int, filing: Filing) -> Sent:
    """Correct a returned form, its closing date too, and send it again (CLOSE-9); raises as ``apply_closure`` does."""
    closure = held_closure(ctx, closure_id, Action.CLOSE)
    refuse_act(ctx, closure, Act.RESEND)
    add_step(ctx, closure, Act.RESEND)
    return _send(ctx, closure.opened, closure, filing, "resend_closure")


def delete_closure(ctx: Context, closure_id: int) -> None:
    """Delete a returned form: the case goes on, and a new form may be written (CLOSE-9)."""
    closure = held_closure(ctx, closure_id, Action.CLOSE)
    refuse_act(ctx, closure, Act.DELETE)
    add_step(ctx, closure, Act.DELETE)
    closure.state = ClosureState.DELETED
    follow_closing(ctx, closure.opened)
    ctx.note("delete_closure", f"closure:{closure.id}", ("state",))


def _send(ctx: Context, service: Opened, closure: Closure, filing: Filing, act: str) -> Sent:
    if service.closed_on is not None:
        raise closed_elsewhere(service.closed_on)
    facts = facts_of(ctx, service, filing)
    broken = broken_rules(filing.form, facts, ctx.today)
    if broken or filing.form.closing_on is None:
        raise RulesBroken(broken)
    closure.state, closure.closing_on = ClosureState.APPLIED, filing.form.closing_on
    closure.form = sealed(ctx.vault, Filing(filing.form, facts.statement, facts.has_sibling_here))
    closure.written_by, closure.sent_at = account_of(ctx.actor), ctx.now
    ctx.session.add(closure)
    _remember(ctx, service, facts.statement)
    ctx.session.execute(delete(ClosureDraft).where(*_mine(ctx, service)))
    follow_closing(ctx, service)
    ctx.note(act, f"closure:{closure.id}", ("form", "state", "closing_on"))
    return Sent(closure.id, closure.closing_on, closure.state)


def _remember(ctx: Context, service: Opened, said: Statement) -> None:
    """Keep what the form says of the pupil: it holds also where the form is returned or deleted."""
    if said.leaving is not None:
        _keep_leaving(ctx, service, said.leaving)
    service.graduates_on = said.graduates_on


def _keep_leaving(ctx: Context, service: Opened, leaving: Leaving | None) -> None:
    row = ctx.session.get(Departure, service.id)
    if leaving is None:
        if row is not None:
            ctx.session.delete(row)
        return
    if row is None:
        row = Departure(opened_id=service.id)
        ctx.session.add(row)
    row.how, row.on, row.noted_at = leaving.how, leaving.on, ctx.now


def _mine(ctx: Context, service: Opened) -> tuple[ColumnElement[bool], ...]:
    return ClosureDraft.opened_id == service.id, ClosureDraft.written_by == ctx.actor.account_id
