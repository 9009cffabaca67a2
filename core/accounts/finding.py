"""One account as the desk shows it: to its owner, and by its code to those who look after accounts. No case data."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select

from core.access import Action, require
from core.accounts import queries, rules
from core.accounts.models import Account, Permission, Role
from core.accounts.rules import Standing
from core.context import Context
from core.errors import NotFound
from core.masking import mask_email
from core.secrets import folded

SHOWN = ("name", "email")


@dataclass(frozen=True)
class AccountView:
    """An account as it is now; its e-mail is masked."""

    code: str
    name: str
    unit_name: str
    role: Role
    title: str
    email: str
    standing: Standing
    starts_on: date
    ends_on: date
    """The last day it may be used."""
    permissions: tuple[Permission, ...]
    has_password: bool
    locked_until: datetime | None
    """None: not locked now (ACC-2)."""
    is_bound: bool
    is_blocked: bool
    """Bound, but the person has blocked the official account, so that nothing can be pushed."""


def find_account(ctx: Context, code: str) -> AccountView:
    """Return the account of a code, as typed; raises ``NotAllowed`` or ``NotFound``. The showing is audited."""
    require(ctx.actor, Action.SEE_ACCOUNTS)
    account = ctx.session.scalar(select(Account).where(Account.code == folded(code)))
    if account is None:
        raise NotFound
    return _view(ctx, account)


def own_account(ctx: Context) -> AccountView:
    """Return the account that asks; raises ``NotFound`` for who has none. The showing is audited."""
    account = ctx.session.get(Account, ctx.actor.account_id) if ctx.actor.account_id else None
    if account is None:
        raise NotFound
    return _view(ctx, account)


def _view(ctx: Context, account: Account) -> AccountView:
    ctx.note("show_account", f"account:{account.id}", SHOWN)
    reach = queries.reach_of(ctx.session, account.id)
    is_locked = rules.Lock(until=account.locked_until).is_closed(ctx.now)
    return AccountView(
        code=account.code,
        name=ctx.vault.open(account.name),
        unit_name=account.unit.name,
        role=account.role,
        title=account.title,
        email=mask_email(ctx.vault.open(account.email)),
        standing=queries.standing_of(account, ctx.today),
        starts_on=account.starts_on,
        ends_on=account.ends_on,
        permissions=tuple(sorted(account.permissions)),
        has_password=account.password_hash is not None,
        locked_until=account.locked_until if is_locked else None,
        is_bound=reach is not None and reach.person is not None,
        is_blocked=reach is not None and reach.blocked,
    )
