"""What a supervisor is shown to review closures: which wait, oldest first, and one in full (CLOSE-9, DUTY-2)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import TypeVarTuple

from sqlalchemy import Select, func, select

from core.access import Action, require
from core.accounts.models import Account
from core.closures.earliest import Condition, assess
from core.closures.filing import Filing, opened
from core.closures.form import broken_rules
from core.closures.kinds import ClosureState
from core.closures.loading import facts_of
from core.closures.models import Closure, ClosureStep
from core.closures.steps import steps_of, version_of
from core.context import Context
from core.dispatches.models import Case, Opened
from core.errors import Broken, NotFound
from core.masking import mask_name
from core.paging import Page, clamped
from core.records.opened import seen_service
from core.reviews import ReviewRow, Standing
from core.scoping import within
from core.secrets import Sealed

Asked = TypeVarTuple("Asked")


@dataclass(frozen=True)
class ClosureToReview:
    """A closure form as it was sent, with every condition of closing as it stands on the closing date."""

    version: int
    number: str
    child: str
    """In full for who may see names."""
    unit_name: str
    opened_on: date
    by: str
    """Who sent it, masked."""
    sent_at: datetime
    filing: Filing
    conditions: tuple[Condition, ...]
    broken: tuple[Broken, ...]
    """Why it cannot be approved as it stands."""
    is_own: bool
    decided: Standing | None
    """None: it waits."""


def count(ctx: Context) -> int:
    """Return how many closures wait for the actor's review: as many as ``waiting`` lists (DUTY-2)."""
    require(ctx.actor, Action.REVIEW_CLOSURES)
    return ctx.session.scalar(_waiting(ctx, select(func.count()))) or 0


def waiting(ctx: Context, start: int = 0, limit: int = 10) -> Page[ReviewRow]:
    """Return some closures that wait, the one sent first before all."""
    total = count(ctx)
    listed = _waiting(ctx, select(Closure, Opened, Case.number, Account.name))
    found = ctx.session.execute(
        listed.join(Case, Case.id == Opened.case_id)
        .join(Account, Account.id == Closure.written_by)
        .order_by(Closure.sent_at, Closure.id)
        .offset(start)
        .limit(clamped(limit))
    ).all()
    ctx.note_rows("list_services", "services", [service.id for _, service, _, _ in found], ("served",))
    return Page(total, tuple(_row(ctx, closure, service, number, by) for closure, service, number, by in found), start)


def closure_to_review(ctx: Context, closure_id: int) -> ClosureToReview:
    """Return a closure form, waiting or decided on; raises ``NotFound`` for another unit's and one that was deleted."""
    require(ctx.actor, Action.REVIEW_CLOSURES)
    closure = ctx.session.get(Closure, closure_id)
    if closure is None or closure.state is ClosureState.DELETED:
        raise NotFound
    service = seen_service(ctx, closure.opened_id)
    steps, filing = steps_of(ctx, closure), opened(ctx.vault, closure.form)
    facts, waits = facts_of(ctx, service, filing), closure.state is ClosureState.APPLIED
    ctx.note("show_closure", f"closure:{closure.id}", ("form", "reason", "served"))
    child = ctx.vault.open(service.served)
    return ClosureToReview(
        version=version_of(steps),
        number=ctx.session.scalar(select(Case.number).where(Case.id == service.case_id)) or "",
        child=child if ctx.actor.may(Action.SEE_NAMES) else mask_name(child),
        unit_name=service.unit.name,
        opened_on=service.opened_on,
        by=_masked(ctx, ctx.session.get_one(Account, closure.written_by).name),
        sent_at=closure.sent_at,
        filing=filing,
        conditions=assess(facts, min(closure.closing_on, ctx.today)).conditions if waits else (),
        broken=broken_rules(filing.form, facts, ctx.today) if waits else (),
        is_own=closure.written_by == ctx.actor.account_id,
        decided=None if waits else _standing(ctx, closure, steps),
    )


def _waiting(ctx: Context, asked: Select[*Asked]) -> Select[*Asked]:
    """Return the question asked of the forms of the actor's services that wait: for the count and its list."""
    return (
        asked.select_from(Closure)
        .join(Opened, Opened.id == Closure.opened_id)
        .where(
            Closure.state == ClosureState.APPLIED,
            Opened.closed_on.is_(None),
            within(ctx.actor.units, Opened.unit_id),
        )
    )


def _standing(ctx: Context, closure: Closure, steps: list[ClosureStep]) -> Standing:
    if not steps:
        return Standing(closure.state.label)
    last = steps[-1]
    reason = ctx.vault.open(last.reason) if last.reason else ""
    return Standing(closure.state.label, _masked(ctx, last.account.name), last.at, reason)


def _row(ctx: Context, closure: Closure, service: Opened, number: str, by: Sealed) -> ReviewRow:
    ground = opened(ctx.vault, closure.form).statement.ground
    return ReviewRow(
        key=str(closure.id),
        number=number,
        child=_masked(ctx, service.served),
        unit_name=service.unit.name,
        sent_at=closure.sent_at,
        by=_masked(ctx, by),
        about=ground.label if ground else "",
        is_own=closure.written_by == ctx.actor.account_id,
    )


def _masked(ctx: Context, name: Sealed) -> str:
    return mask_name(ctx.vault.open(name))
