"""誰是窗口, 督導是誰: who reviews and who hands out cases for one's unit, as reminders go up to them (DUTY-5)."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import select

from core.access import Action
from core.accounts.models import Account, Role
from core.accounts.queries import contacts_of, supervisors_of
from core.context import Context
from core.masking import mask_name

SHOWN_AT_MOST = 5  # of each role; a bureau has a few


@dataclass(frozen=True)
class Colleague:
    """Somebody who stands over a unit: their work's telephone, and their name masked."""

    role: Role
    name: str
    title: str
    unit_name: str
    phone: str
    """Empty where the main system has none."""


def who_is_above(ctx: Context) -> tuple[Colleague, ...]:
    """Return the supervisors, then the contacts, of the actor's own unit; nobody for who belongs to none."""
    if ctx.actor.unit_id is None:
        return ()
    asked = ctx.session, ctx.actor.unit_id, Action.SEE_DISPATCHES, ctx.today
    found = (*supervisors_of(*asked)[:SHOWN_AT_MOST], *contacts_of(*asked)[:SHOWN_AT_MOST])
    rows = {row.id: row for row in ctx.session.scalars(select(Account).where(Account.id.in_(found)))}
    ctx.note("list_contacts", f"unit:{ctx.actor.unit_id}", ("name", "phone"))
    return tuple(_colleague(ctx, rows[account_id]) for account_id in found)


def _colleague(ctx: Context, account: Account) -> Colleague:
    return Colleague(
        role=account.role,
        name=mask_name(ctx.vault.open(account.name)),
        title=account.title,
        unit_name=account.unit.name,
        phone=ctx.vault.open(account.phone) if account.phone else "",
    )
