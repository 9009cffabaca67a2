"""Deciding requests: approve or refuse, each told to who asked; of two at once the second learns of the first (A32)."""

from __future__ import annotations

from dataclasses import dataclass, replace

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from core.access import Action, require
from core.accounts import sessions
from core.accounts.models import Account
from core.accounts.requests import notices, rules
from core.accounts.requests.asked import Asked, asked_from
from core.accounts.requests.models import AccountRequest, RequestKind, RequestState
from core.accounts.requests.refusals import RequestRefusal, decided_already
from core.accounts.requests.service import is_used, locked_request
from core.accounts.requests.stopping import warn_old_address
from core.accounts.service import extend_account, grant_permission, take_permission
from core.context import Context
from core.errors import NotFound, RuleBroken, refuse_if
from core.notices.models import NoticeKind, Urgency
from core.notices.service import ToAccount, say


@dataclass(frozen=True)
class Decided:
    """A request that is settled."""

    number: int
    kind: RequestKind
    state: RequestState


def approve_request(ctx: Context, number: int) -> Decided:
    """Approve a request and carry it out; raises ``Conflict`` naming who was first, ``RuleBroken`` for one's own."""
    row = _decidable(ctx, number)
    account = _account(ctx, row)
    if account.disabled_at is not None:
        raise RuleBroken(RequestRefusal.CLOSED.broken())
    row.state = RequestState.APPROVED
    asked = _carry_out(ctx, row, account, asked_from(ctx.vault.open(row.asked)))
    row.asked = ctx.vault.seal(asked.to_json())
    return _settle(ctx, row, asked, "")


def refuse_request(ctx: Context, number: int, reason: str) -> Decided:
    """Refuse a request with a reason, which the person reads; raises as ``approve_request`` does."""
    row = _decidable(ctx, number)
    refuse_if(rules.broken_by_reason(reason))
    row.state, row.reason, row.stop_until = RequestState.REFUSED, ctx.vault.seal(reason.strip()), None
    return _settle(ctx, row, asked_from(ctx.vault.open(row.asked)), reason.strip())


def may_decide(ctx: Context, kind: RequestKind) -> bool:
    """Return whether the actor decides requests of a kind: e-mail the helpdesk, the rest administrators."""
    deciders = rules.DECIDERS.get(kind, frozenset())  # none here for what only a newer version knows (A61)
    return ctx.actor.is_system or ctx.actor.role in deciders


def _decidable(ctx: Context, number: int) -> AccountRequest:
    """Return a request that waits for this actor's decision, locked."""
    require(ctx.actor, Action.DECIDE_REQUESTS)
    row = locked_request(ctx, number)
    if not may_decide(ctx, row.kind):
        raise NotFound
    if row.account_id == ctx.actor.account_id:
        raise RuleBroken(RequestRefusal.OWN.broken())
    if row.state is not RequestState.FILED:
        raise decided_already(row.id, row.state, row.decided_by, row.stopped_at or row.decided_at)
    return row


def _carry_out(ctx: Context, row: AccountRequest, account: Account, asked: Asked) -> Asked:
    """Do what is asked for; return the facts with what came out of it."""
    if row.kind is RequestKind.EMAIL:
        return _change_address(ctx, row, account, asked)
    if row.kind is RequestKind.EXTENSION:
        ends_on = rules.extended_to(account.ends_on, ctx.today, ctx.policy.extension_years)
        asked = replace(asked, ends_on=account.ends_on, extended_to=ends_on)
        extend_account(ctx, account, ends_on)
        return asked
    assert asked.permission is not None  # noqa: S101 (the two kinds left always name one)
    change = grant_permission if row.kind is RequestKind.PERMISSION else take_permission
    change(ctx, account.code, asked.permission)
    return asked


def _change_address(ctx: Context, row: AccountRequest, account: Account, asked: Asked) -> Asked:
    """Put the new address in place: the next sign-in needs a new code, and the old mailbox is told (ACC-7)."""
    if is_used(ctx, asked.address, account.id):
        raise RuleBroken(RequestRefusal.USED_ADDRESS.broken())
    old = account.email
    try:
        with ctx.session.begin_nested():
            account.email = ctx.vault.seal(asked.address)
            account.email_key = ctx.vault.look_up("email", asked.address)
    except IntegrityError:  # another account took it at this very moment
        raise RuleBroken(RequestRefusal.USED_ADDRESS.broken()) from None
    sessions.end_all(ctx, account.id)
    ctx.note("account.changed", f"account:{account.id}", ("email",))
    warn_old_address(ctx, row, old)
    return replace(asked, old_address=ctx.vault.open(old))


def _settle(ctx: Context, row: AccountRequest, asked: Asked, reason: str) -> Decided:
    row.decided_at, row.decided_by = ctx.now, ctx.actor.name
    ctx.note(f"request.{row.state}", f"request:{row.id}", ("state",))
    ctx.session.flush()
    say(
        ctx,
        to=ToAccount(row.account_id),
        answer=notices.decided(row.id, row.kind, row.state, asked, reason),
        kind=NoticeKind.ACCOUNT,
        key=f"decided:{row.id}",
        urgency=Urgency.AT_ONCE,
    )
    return Decided(row.id, row.kind, row.state)


def _account(ctx: Context, row: AccountRequest) -> Account:
    return ctx.session.scalars(
        select(Account)
        .where(Account.id == row.account_id)
        .with_for_update(of=Account)
        .execution_options(populate_existing=True)
    ).one()
