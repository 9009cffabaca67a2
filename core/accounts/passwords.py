"""Passwords: hashed with Argon2id, checked with the same work and words whether or not an account exists (ACC-2).

Everything is returned, nothing raised: a wrong try must be kept. While a lock holds no password is compared at all, so
that right and wrong cannot be told apart; codes without an account lock in the same way (A24). Three wrong ones in a
row lock the account for every stranger; who the account knows has a count and a lock of their own (A20). What strangers
try on many accounts is counted by the network they come from (A19).
"""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache

from argon2 import PasswordHasher
from argon2.exceptions import VerifyMismatchError
from sqlalchemy import select
from sqlalchemy.orm import lazyload

from core.accounts import queries, rules
from core.accounts.identity import askers
from core.accounts.identity.askers import Asker
from core.accounts.identity.models import KnownAsker
from core.accounts.models import Account, UnknownSignIn
from core.accounts.notices import Refusal, refusal_text
from core.clearing import clear_away
from core.context import Context
from core.database import insert_once
from core.otp import sources
from core.policy import Policy
from core.secrets import folded

UNKNOWN_KEPT = timedelta(days=1)  # longer than any lock
STRANGER = Asker()
Holder = Account | UnknownSignIn | KnownAsker
"""Where wrong passwords in a row are counted."""


@dataclass(frozen=True)
class SignedIn:
    """The password was right, and the account may be used today."""

    account_id: int


@dataclass(frozen=True)
class Refused:
    """Not signed in; ``text`` is for the person, ``locked_until`` is set while the lock holds."""

    text: str
    locked_until: datetime | None = None


def hashed(policy: Policy, password: str) -> str:
    """Return the Argon2id hash of a password, with its salt and parameters."""
    return _hasher(policy).hash(_composed(password))


def check_password(ctx: Context, account_code: str, password: str, asker: Asker = STRANGER) -> SignedIn | Refused:
    """Compare a password; the third wrong one in a row locks for 30 minutes (ACC-2), for its asker first (A20).

    The same statements are made and the same hashing is done for every code, whether or not an account has it (A24).
    """
    code = folded(account_code)
    if not rules.is_account_code(code) or len(password) > rules.PASSWORD_AT_MOST:
        return Refused(refusal_text(Refusal.WRONG))
    account = ctx.session.scalar(
        select(Account)
        .where(Account.code == code)
        .options(lazyload("*"))
        .with_for_update(of=Account)
        .execution_options(populate_existing=True)
    )
    known, nobodys = askers.known(ctx, code, asker), _nobodys(ctx, code)
    holder = known or account or nobodys
    lock, waits = _lock_of(holder), None if known else sources.wait_until(ctx)
    if waits or lock.is_closed(ctx.now):
        return _from_here(ctx, waits) if waits else _locked(ctx, lock)
    is_right = _verify(ctx.policy, account.password_hash if account else None, password)
    waits = None if known else sources.after_try(ctx, is_right=is_right and account is not None)
    if waits:
        return _from_here(ctx, waits)
    if account is not None and is_right:
        return _right(ctx, account, holder, password)
    return _wrong(ctx, account, holder, lock)


def _right(ctx: Context, account: Account, holder: Holder, password: str) -> SignedIn | Refused:
    _keep(ctx, holder, rules.Lock())
    if account.password_hash and _hasher(ctx.policy).check_needs_rehash(account.password_hash):
        account.password_hash = hashed(ctx.policy, password)
    ctx.note("sign_in.password_right", f"account:{account.id}")
    return admitted(ctx, account)


def admitted(ctx: Context, account: Account) -> SignedIn | Refused:
    """Return that somebody who proved to be the owner of an account may use it today, or why not."""
    standing = queries.standing_of(account, ctx.today)
    return SignedIn(account.id) if standing is rules.Standing.ACTIVE else Refused(refusal_text(Refusal[standing.name]))


def _wrong(ctx: Context, account: Account | None, holder: Holder, lock: rules.Lock) -> Refused:
    after = rules.after_wrong_password(lock, ctx.now)
    _keep(ctx, holder, after)
    ctx.note("sign_in.password_wrong", f"account:{account.id if account else 'unknown'}")
    return _locked(ctx, after) if after.until else Refused(refusal_text(Refusal.WRONG))


def _locked(ctx: Context, lock: rules.Lock) -> Refused:
    minutes = rules.minutes_left(lock.until or ctx.now, ctx.now)
    return Refused(refusal_text(Refusal.LOCKED, minutes), lock.until)


def _from_here(ctx: Context, until: datetime) -> Refused:
    return Refused(refusal_text(Refusal.NETWORK, rules.minutes_left(until, ctx.now)), until)


def _lock_of(holder: Holder) -> rules.Lock:
    wrong = holder.wrong_passwords if isinstance(holder, Account) else holder.wrong
    return rules.Lock(wrong, holder.locked_until)


def _keep(ctx: Context, holder: Holder, lock: rules.Lock) -> None:
    holder.locked_until = lock.until
    if isinstance(holder, Account):
        holder.wrong_passwords = lock.wrong
        return
    holder.wrong = lock.wrong
    if isinstance(holder, UnknownSignIn):
        holder.tried_at = ctx.now


def _nobodys(ctx: Context, code: str) -> UnknownSignIn:
    """Return the tries under a code, locked for this transaction; they count where no account has it.

    There is a row for every code that is typed, so that none costs more time than another; old ones are forgotten.
    """
    key = ctx.vault.look_up("sign_in", code)
    clear_away(ctx, UnknownSignIn.code_key, UnknownSignIn.tried_at < ctx.now - UNKNOWN_KEPT)
    insert_once(ctx.session, UnknownSignIn, {"code_key": key, "wrong": 0, "tried_at": ctx.now}, key="code_key")
    return ctx.session.scalars(
        select(UnknownSignIn)
        .where(UnknownSignIn.code_key == key)
        .with_for_update()
        .execution_options(populate_existing=True)
    ).one()


def _verify(policy: Policy, stored: str | None, password: str) -> bool:
    """Compare with a stored hash, or do the same work against one that fits nothing."""
    stand_in = _stand_in(policy.argon2_memory_kib, policy.argon2_passes, policy.argon2_lanes)
    try:
        _hasher(policy).verify(stored or stand_in, _composed(password))
    except VerifyMismatchError:
        return False
    return stored is not None


def _hasher(policy: Policy) -> PasswordHasher:
    return _hasher_of(policy.argon2_memory_kib, policy.argon2_passes, policy.argon2_lanes)


@cache
def _hasher_of(memory: int, passes: int, lanes: int) -> PasswordHasher:
    return PasswordHasher(time_cost=passes, memory_cost=memory, parallelism=lanes)


@cache
def _stand_in(memory: int, passes: int, lanes: int) -> str:
    return _hasher_of(memory, passes, lanes).hash("no account has this password")


def _composed(password: str) -> str:
    """Return the password in one form, whichever way a keyboard composes it; nothing is trimmed or folded."""
    return unicodedata.normalize("NFC", password)
