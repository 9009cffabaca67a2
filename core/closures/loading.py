"""What is stored of a service that decides on its closing, as the rules take it."""

from __future__ import annotations

from dataclasses import replace

from sqlalchemy import select

from core.access import Action, require
from core.closures.facts import Facts, Leaving, Statement
from core.closures.filing import Filing
from core.closures.kinds import ClosureState
from core.closures.models import Closure, Departure
from core.context import Context
from core.dispatches.models import Case, Dispatch, Opened
from core.errors import NotFound
from core.records.opened import held_service
from core.records.queries import contacts_of
from core.secrets import Sealed


def facts_of(ctx: Context, service: Opened, filing: Filing) -> Facts:
    """Return what decides on closing a service; what is not stated is taken from what is known."""
    sibling_here = filing.sibling_here
    return Facts(
        dispatches=(service.last_dispatched_on,),
        contacts=contacts_of(ctx.session, service),
        has_sibling_here=bool(sibling_names(ctx, service)) if sibling_here is None else sibling_here,
        statement=completed(ctx, service, filing.statement),
        window_policy=ctx.policy.record_windows,
        known_from=service.known_from,
    )


def completed(ctx: Context, service: Opened, said: Statement) -> Statement:
    """Return a statement with the leaving and the day of graduation that are known, where it gives none."""
    leaving = said.leaving or leaving_of(ctx, service)
    return replace(said, leaving=leaving, graduates_on=said.graduates_on or service.graduates_on)


def leaving_of(ctx: Context, service: Opened) -> Leaving | None:
    """Return how and when the pupil stopped coming, if it is known."""
    row = ctx.session.get(Departure, service.id)
    return Leaving(row.how, row.on) if row else None


def sibling_names(ctx: Context, service: Opened) -> tuple[Sealed, ...]:
    """Return the other children of the family that were dispatched to the same unit, each once (CLOSE-6)."""
    served = ctx.vault.look_up("name", ctx.vault.open(service.served))
    asked = (
        select(Case.child_name_key, Case.child_name)
        .join(Dispatch, Dispatch.case_id == Case.id)
        .where(Case.family_id == service.family_id, Dispatch.unit_id == service.unit_id)
        .order_by(Case.id)
    )
    names = {row.child_name_key: row.child_name for row in ctx.session.execute(asked)}
    return tuple(name for key, name in names.items() if key != served)


def live_closure(ctx: Context, service: Opened) -> Closure | None:
    """Return the closure form of a service that counts: sent and not deleted."""
    is_live = (Closure.opened_id == service.id, Closure.state != ClosureState.DELETED)
    return ctx.session.scalar(select(Closure).where(*is_live).execution_options(populate_existing=True))


def held_closure(ctx: Context, closure_id: int, action: Action) -> Closure:
    """Return a closure form for this action, its service held until the end of the transaction; else ``NotFound``."""
    require(ctx.actor, action)
    opened_id = ctx.session.scalar(select(Closure.opened_id).where(Closure.id == closure_id))
    if opened_id is None:
        raise NotFound
    held_service(ctx, opened_id, action)
    return ctx.session.get_one(Closure, closure_id, populate_existing=True)
