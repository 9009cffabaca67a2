"""The old mailbox of a change of address: it is told, and can stop the change for twenty-four hours (ACC-7, A25).

The link is signed with the server's key; nothing that opens it is stored. It asks before it does anything, because
mail filters open links by themselves.
"""

from __future__ import annotations

import hmac
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from core.accounts import links, sessions
from core.accounts.models import Account, BindingEnd
from core.accounts.requests import notices, rules
from core.accounts.requests.asked import Asked, asked_from
from core.accounts.requests.models import AccountRequest, RequestKind, RequestState
from core.accounts.requests.refusals import old_taken, stop_over
from core.context import Context
from core.masking import mask_email
from core.notices.models import NoticeKind, Urgency
from core.notices.service import ToAddress, say
from core.secrets import Sealed, Vault


@dataclass(frozen=True)
class StopOffer:
    """A change that can still be stopped, as its page shows it."""

    code: str
    address: str
    """Masked."""
    is_done: bool
    """Approved already: stopping puts the old address back."""
    until: datetime


def stop_path(vault: Vault, number: int) -> str:
    """Return the path of the page on which the old mailbox stops a change."""
    return f"/p/email-stop/{number}/{_signature(vault, number)}"


def warn_old_address(ctx: Context, row: AccountRequest, old: Sealed) -> None:
    """Tell the old mailbox what is asked for, or done; from now on it can stop it for twenty-four hours."""
    row.stop_until = ctx.now + rules.STOP_FOR
    asked = asked_from(ctx.vault.open(row.asked))
    path = stop_path(ctx.vault, row.id)
    say(
        ctx,
        to=ToAddress(row.account_id, old),
        answer=notices.address_gives_way(row.account.code, asked, row.state, path, row.stop_until),
        kind=NoticeKind.ACCOUNT,
        key=f"email-change:{row.id}:{row.state}",
        urgency=Urgency.ALWAYS,
    )


def offered_stop(ctx: Context, number: int, signature: str) -> StopOffer:
    """Return the change a link is about; raises ``Expired`` for a link that works no more, or never did."""
    row, asked = _stoppable(ctx, number, signature)
    assert row.stop_until is not None  # noqa: S101 (else it was not stoppable)
    is_done = row.state is RequestState.APPROVED
    return StopOffer(row.account.code, mask_email(asked.address), is_done, row.stop_until)


def stop_email_change(ctx: Context, number: int, signature: str) -> None:
    """Stop a change of address: it does not come about, or the old address is put back; raises ``Expired``.

    Whoever asked for it holds the phone: the binding ends, so do sessions and codes. Raises ``Conflict`` where the old
    address belongs to another account by now.
    """
    row, asked = _stoppable(ctx, number, signature)
    account = ctx.session.scalars(select(Account).where(Account.id == row.account_id).with_for_update(of=Account)).one()
    if row.state is RequestState.APPROVED:
        _put_back(ctx, account, asked)
    row.state, row.stopped_at = RequestState.STOPPED, ctx.now
    links.unbind(ctx, account.id, BindingEnd.BY_USER)
    sessions.end_all(ctx, account.id)
    ctx.note("request.stopped", f"request:{row.id}", ("state", "email", "binding"))
    say(
        ctx,
        to=ToAddress(account.id, account.email),
        answer=notices.stopped(account.code, ctx.now),
        kind=NoticeKind.ACCOUNT,
        key=f"email-stopped:{row.id}",
        urgency=Urgency.ALWAYS,
    )


def _stoppable(ctx: Context, number: int, signature: str) -> tuple[AccountRequest, Asked]:
    if not hmac.compare_digest(signature.encode(), _signature(ctx.vault, number).encode()):
        raise stop_over()
    row = ctx.session.scalar(
        select(AccountRequest)
        .where(AccountRequest.id == number, AccountRequest.kind == RequestKind.EMAIL)
        .with_for_update(of=AccountRequest)
        .execution_options(populate_existing=True)
    )
    if row is None or not rules.may_stop(row.stop_until, row.stopped_at, ctx.now):
        raise stop_over()
    return row, asked_from(ctx.vault.open(row.asked))


def _put_back(ctx: Context, account: Account, asked: Asked) -> None:
    key = ctx.vault.look_up("email", asked.old_address)
    if ctx.session.scalar(select(Account.id).where(Account.email_key == key, Account.id != account.id)) is not None:
        raise old_taken()
    account.email, account.email_key = ctx.vault.seal(asked.old_address), key
    ctx.session.flush()


def _signature(vault: Vault, number: int) -> str:
    return vault.derive("email-stop", str(number)).hex()
