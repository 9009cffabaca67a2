"""Asking: another e-mail address, a longer term, a permission; and taking a request back (ACC-4 to ACC-8).

An address and an extension need a proof by code; proof and filing are one call, so that there is no way around it.
A code that is not right is returned, not raised: the try must be kept (OTP-2).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select

from core.accounts.models import Account, Permission, UnitKind
from core.accounts.requests import rules
from core.accounts.requests.asked import Asked, unit_named
from core.accounts.requests.models import AccountRequest, RequestKind, RequestState
from core.accounts.requests.refusals import RequestRefusal, decided_already, pending, too_early
from core.accounts.requests.stopping import warn_old_address
from core.context import Context
from core.errors import NotAllowed, NotFound, RuleBroken, refuse_if
from core.otp.models import Purpose
from core.otp.sending import locked_account
from core.otp.service import CodeRefused, CodeRight, CodeSent, Verdict, send_code, verify


@dataclass(frozen=True)
class Proof:
    """A code as it was typed, the challenge it answers, and where it was asked for."""

    challenge: str
    code: str
    asker: str


@dataclass(frozen=True)
class Filed:
    """A request waits for its decision."""

    number: int
    kind: RequestKind
    filed_at: datetime


def send_address_code(ctx: Context, typed: str, asker: str) -> CodeSent | CodeRefused:
    """Send a code to the new mailbox, which must come back from there (ACC-7); raises ``RuleBroken`` for the address.

    Whether another account uses the address is said only to who proves the mailbox, so nobody learns it by asking.
    """
    account = _own(ctx)
    address = _checked_address(ctx, account, typed)
    _refuse_second(ctx, account, RequestKind.EMAIL, "")
    tied, sealed = _tied(asker, address), ctx.vault.seal(address)
    return send_code(ctx, account.id, Purpose.EMAIL_CHANGE, tied, address=sealed, known_as=asker)


def file_email_change(ctx: Context, typed: str, proof: Proof) -> Filed | Verdict:
    """Ask for another e-mail address, whose mailbox the code proves (ACC-7); the old address is told at once.

    Raises ``RuleBroken`` for the address, or while another account uses it.
    """
    account = _own(ctx)
    address = _checked_address(ctx, account, typed)
    verdict = verify(ctx, proof.challenge, proof.code, Purpose.EMAIL_CHANGE, _tied(proof.asker, address))
    if not isinstance(verdict, CodeRight):
        return verdict
    if is_used(ctx, address, account.id):
        raise RuleBroken(RequestRefusal.USED_ADDRESS.broken())
    row = _file(ctx, account, RequestKind.EMAIL, Asked(address=address, old_address=ctx.vault.open(account.email)))
    warn_old_address(ctx, row, account.email)
    return Filed(row.id, row.kind, row.filed_at)


def send_extension_code(ctx: Context, asker: str) -> CodeSent | CodeRefused:
    """Send the code that proves who asks for an extension, by mail (ACC-6); raises ``RuleBroken`` when too early."""
    account = _own(ctx)
    _check_extension(ctx, account)
    return send_code(ctx, account.id, Purpose.EXTENSION, asker, known_as=asker)


def file_extension(ctx: Context, proof: Proof) -> Filed | Verdict:
    """Ask for a longer term, with a fresh proof (ACC-6); raises ``RuleBroken`` with the first possible day."""
    account = _own(ctx)
    _check_extension(ctx, account)
    verdict = verify(ctx, proof.challenge, proof.code, Purpose.EXTENSION, proof.asker)
    if not isinstance(verdict, CodeRight):
        return verdict
    is_school = account.unit.kind is UnitKind.SCHOOL
    asked = Asked(ends_on=account.ends_on, unit=unit_named(account.unit.name, is_school=is_school))
    row = _file(ctx, account, RequestKind.EXTENSION, asked)
    return Filed(row.id, row.kind, row.filed_at)


def file_permission(ctx: Context, permission: Permission, why: str) -> Filed:
    """Ask for a permission (ACC-4); raises ``RuleBroken``: held already, or not for schools."""
    account = _own(ctx)
    refuse_if(rules.broken_by_permission(account.unit.kind, account.permissions, permission))
    row = _file(ctx, account, RequestKind.PERMISSION, Asked(permission=permission, why=why.strip()))
    return Filed(row.id, row.kind, row.filed_at)


def file_removal(ctx: Context, permission: Permission, why: str) -> Filed:
    """Ask that a permission be taken away; raises ``RuleBroken`` for one that is not held."""
    account = _own(ctx)
    refuse_if(rules.broken_by_removal(account.permissions, permission))
    row = _file(ctx, account, RequestKind.REMOVAL, Asked(permission=permission, why=why.strip()))
    return Filed(row.id, row.kind, row.filed_at)


def withdraw_request(ctx: Context, number: int) -> Filed:
    """Take an own request back; raises ``NotFound`` for another's, ``Conflict`` when it is decided already."""
    row = locked_request(ctx, number)
    if row.account_id != ctx.actor.account_id:
        raise NotFound
    if row.state is not RequestState.FILED:
        raise decided_already(row.id, row.state, row.decided_by, row.decided_at)
    row.state, row.decided_at, row.decided_by, row.stop_until = RequestState.WITHDRAWN, ctx.now, ctx.actor.name, None
    ctx.note("request.withdrawn", f"request:{row.id}", ("state",))
    ctx.session.flush()
    return Filed(row.id, row.kind, row.filed_at)


def locked_request(ctx: Context, number: int) -> AccountRequest:
    """Return a request, locked until the transaction ends; raises ``NotFound``."""
    row = ctx.session.scalar(
        select(AccountRequest)
        .where(AccountRequest.id == number)
        .with_for_update(of=AccountRequest)
        .execution_options(populate_existing=True)
    )
    if row is None:
        raise NotFound
    return row


def is_used(ctx: Context, address: str, own: int) -> bool:
    """Return whether another account uses an address (ACC-7)."""
    key = ctx.vault.look_up("email", address)
    others = select(func.count()).select_from(Account).where(Account.email_key == key, Account.id != own)
    return bool(ctx.session.scalar(others))


def _own(ctx: Context) -> Account:
    """Return the account that asks, locked; raises ``NotAllowed`` where none may act."""
    account = locked_account(ctx, ctx.actor.account_id) if ctx.actor.account_id else None
    if account is None:
        raise NotAllowed
    return account


def _checked_address(ctx: Context, account: Account, typed: str) -> str:
    address = rules.read_address(typed)
    refuse_if(rules.broken_by_address(address, ctx.vault.open(account.email)))
    return address


def _check_extension(ctx: Context, account: Account) -> None:
    early = rules.too_early(account.ends_on, ctx.today, ctx.policy.extension_days_before)
    refuse_if(too_early(account.ends_on, early.first_on) if early else None)
    _refuse_second(ctx, account, RequestKind.EXTENSION, "")


def _file(ctx: Context, account: Account, kind: RequestKind, asked: Asked) -> AccountRequest:
    """Store a request; the account's row is locked, so that of two at once the second sees the first."""
    about = asked.permission.value if asked.permission else ""
    _refuse_second(ctx, account, kind, about)
    sealed = ctx.vault.seal(asked.to_json())
    row = AccountRequest(
        account=account, kind=kind, about=about, state=RequestState.FILED, asked=sealed, filed_at=ctx.now, decided_by=""
    )
    ctx.session.add(row)
    ctx.session.flush()
    ctx.note("request.filed", f"request:{row.id}", (kind.value,))
    return row


def _refuse_second(ctx: Context, account: Account, kind: RequestKind, about: str) -> None:
    first = ctx.session.execute(
        select(AccountRequest.id, AccountRequest.filed_at).where(
            AccountRequest.account_id == account.id,
            AccountRequest.kind == kind,
            AccountRequest.about == about,
            AccountRequest.state == RequestState.FILED,
        )
    ).one_or_none()
    refuse_if(pending(first.id, first.filed_at) if first else None)


def _tied(asker: str, address: str) -> str:
    """Return the asker of a code that proves one mailbox and no other."""
    return f"{asker}\0{address.lower()}"
