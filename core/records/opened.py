"""The service a record or closure is about: found for who asks, and held while it changes (ACC-10)."""

from __future__ import annotations

from sqlalchemy import select

from core.access import Action, require
from core.context import Context
from core.dispatches.models import Case, Opened
from core.errors import NotFound
from core.records.refusals import closed_already
from core.records.rules import Windows, windows_of
from core.scoping import within
from core.secrets import folded

SERVICES_AT_MOST = 10
LONGEST_NUMBER = 40


def seen_service(ctx: Context, opened_id: int) -> Opened:
    """Return a service of the actor's units; raises ``NotAllowed`` or ``NotFound``."""
    require(ctx.actor, Action.SEE_SERVICES)
    found = select(Opened).where(Opened.id == opened_id, within(ctx.actor.units, Opened.unit_id))
    row = ctx.session.scalar(found)
    if row is None:
        raise NotFound
    return row


def held_service(ctx: Context, opened_id: int, action: Action) -> Opened:
    """Return a service for this action, open or closed, held until the end of the transaction; else ``NotFound``."""
    require(ctx.actor, action)
    row = ctx.session.scalar(
        select(Opened)
        .where(Opened.id == opened_id, within(ctx.actor.units, Opened.unit_id))
        .with_for_update(of=Opened, key_share=True)
        .execution_options(populate_existing=True)
    )
    if row is None:
        raise NotFound
    return row


def held_open(ctx: Context, opened_id: int, action: Action) -> Opened:
    """Return a service as ``held_service`` does; raises ``Conflict`` with the day where it is over."""
    row = held_service(ctx, opened_id, action)
    if row.closed_on is not None:
        raise closed_already(row.closed_on)
    return row


def windows_for(ctx: Context, service: Opened) -> Windows:
    """Return the windows of a service, from the newest dispatch on (REC-8)."""
    return windows_of([service.last_dispatched_on], ctx.policy.record_windows, service.known_from)


def services_of_case(ctx: Context, number: str) -> tuple[int, ...]:
    """Return the open services of a case's family at the actor's units, newest first; raises ``NotFound`` for none."""
    require(ctx.actor, Action.SEE_SERVICES)
    wanted = folded(number)
    family = select(Case.family_id).where(Case.number == wanted[:LONGEST_NUMBER])
    found = ctx.session.scalars(
        select(Opened.id)
        .where(Opened.family_id.in_(family), within(ctx.actor.units, Opened.unit_id), Opened.closed_on.is_(None))
        .order_by(Opened.id.desc())
        .limit(SERVICES_AT_MOST)
    )
    services = tuple(found) if wanted.isprintable() and len(wanted) <= LONGEST_NUMBER else ()
    if not services:
        raise NotFound
    return services
