"""Checking one-time passwords (OTP-1 to OTP-7); how they are sent stands in ``sending``.

Neither code nor seed is stored: both are derived from the server's key and the challenge's id. A try is spent before
the code is compared, by one UPDATE that the database decides, so fifty at once spend three. The account's row is the
lock under which sends and wrong tries are counted. Outcomes are returned, not raised: a wrong try must be kept.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
from dataclasses import dataclass

import pyotp
from sqlalchemy import exists, update

from core.context import Context
from core.database import insert_once
from core.otp import notices, rules
from core.otp.models import Challenge, Purpose, WrongCodes
from core.otp.rules import VoidReason
from core.otp.sending import (
    CodeRefused,
    CodeSent,
    asker_key,
    locked_account,
    send_again,
    send_code,
    void_codes,
    wrong_so_far,
)
from core.secrets import Vault


@dataclass(frozen=True)
class CodeRight:
    """The code was right, and is used up."""

    account_id: int


@dataclass(frozen=True)
class CodeWrong:
    """The code was wrong; at no tries left it is void."""

    tries_left: int
    text: str


@dataclass(frozen=True)
class CodeVoid:
    """The code works no more, or not here."""

    reason: VoidReason
    text: str


@dataclass(frozen=True)
class CodeMalformed:
    """What was typed is no code; it cost no try."""

    text: str = notices.MALFORMED


Verdict = CodeRight | CodeWrong | CodeVoid | CodeMalformed


def verify(ctx: Context, challenge: str, code: str, purpose: Purpose, asker: str) -> Verdict:
    """Check a code where it was asked for; the third wrong try voids it (OTP-2), wrong ones add up (OTP-6)."""
    typed = rules.read_code(code)
    if typed is None:
        return CodeMalformed()
    found = _newest(ctx, challenge)
    if found is None or found.purpose is not purpose or found.asker != asker_key(ctx, asker):
        return _void(ctx, VoidReason.UNKNOWN)
    if locked_account(ctx, found.account_id) is None:
        return _void(ctx, VoidReason.UNKNOWN)
    tries = _spend(ctx, found.id)
    if tries is None:
        return _void(ctx, _why_void(ctx, found))
    is_right = hmac.compare_digest(code_of(ctx.vault, found.id), typed) and _use_up(ctx, found.id)
    ctx.note("otp.right" if is_right else "otp.wrong", f"account:{found.account_id}", (purpose.value,))
    if not is_right:
        _count_wrong(ctx, found.account_id)
        left = rules.TRIES - tries
        return CodeWrong(left, notices.wrong_text(left))
    _forget_wrong(ctx, found.account_id)
    return CodeRight(found.account_id)


def reopen(ctx: Context, account_id: int) -> bool:
    """Open one-time passwords for an account that too many wrong ones closed (OTP-6); False when none are counted."""
    forgotten = _forget_wrong(ctx, account_id)
    ctx.note("otp.reopened", f"account:{account_id}")
    return forgotten


def code_of(vault: Vault, challenge_id: str) -> str:
    """Return the eight digits of a challenge (RFC 4226, counter 0): only this server can (OTP-7)."""
    seed = base64.b32encode(vault.derive("otp", challenge_id)).decode()
    return pyotp.HOTP(seed, digits=rules.DIGITS, digest=hashlib.sha256).at(0)


def _newest(ctx: Context, challenge: str) -> Challenge | None:
    """Return the challenge a page knows, or the one by which its code was sent again from elsewhere (OTP-3)."""
    found = ctx.session.get(Challenge, challenge, populate_existing=True)
    while found is not None and found.resent_as is not None:
        found = ctx.session.get(Challenge, found.resent_as, populate_existing=True)
    return found


def _spend(ctx: Context, challenge: str) -> int | None:
    """Spend one try of a code that is still good; return how many are spent, or None when it is not."""
    waits = WrongCodes.closed_at.is_not(None) | (WrongCodes.wait_until > ctx.now)
    return ctx.session.scalar(
        update(Challenge)
        .where(
            Challenge.id == challenge,
            Challenge.tries < rules.TRIES,
            Challenge.used_at.is_(None),
            Challenge.voided_at.is_(None),
            Challenge.expires_at > ctx.now,
            ~exists().where(WrongCodes.account_id == Challenge.account_id, waits),
        )
        .values(tries=Challenge.tries + 1)
        .returning(Challenge.tries),
        execution_options={"synchronize_session": False},
    )


def _use_up(ctx: Context, challenge: str) -> bool:
    """Mark a code used; of two at once one wins."""
    used = ctx.session.scalar(
        update(Challenge)
        .where(Challenge.id == challenge, Challenge.used_at.is_(None))
        .values(used_at=ctx.now)
        .returning(Challenge.id),
        execution_options={"synchronize_session": False},
    )
    return used is not None


def _count_wrong(ctx: Context, account_id: int) -> None:
    insert_once(ctx.session, WrongCodes, {"account_id": account_id, "in_a_row": 0}, key="account_id")
    one_more = (
        update(WrongCodes)
        .where(WrongCodes.account_id == account_id)
        .values(in_a_row=WrongCodes.in_a_row + 1)
        .returning(WrongCodes.in_a_row)
    )
    in_a_row = ctx.session.scalars(one_more, execution_options={"synchronize_session": False}).one()
    after = rules.after_wrong(in_a_row, ctx.now, ctx.policy)
    values: dict[str, object] = {}
    if after.wait_until is not None:
        values["wait_until"] = after.wait_until
    if after.is_closed:
        values["closed_at"] = ctx.now
    if values:
        ctx.session.execute(update(WrongCodes).where(WrongCodes.account_id == account_id).values(**values))


def _forget_wrong(ctx: Context, account_id: int) -> bool:
    changed = ctx.session.scalar(
        update(WrongCodes)
        .where(WrongCodes.account_id == account_id)
        .values(in_a_row=0, wait_until=None, closed_at=None)
        .returning(WrongCodes.account_id),
        execution_options={"synchronize_session": False},
    )
    return changed is not None


def _why_void(ctx: Context, found: Challenge) -> VoidReason:
    ctx.session.refresh(found)
    state = rules.State(
        found.tries, found.expires_at, is_used=found.used_at is not None, is_replaced=found.voided_at is not None
    )
    reason = rules.why_void(state, wrong_so_far(ctx, found.account_id), ctx.now)
    return reason or VoidReason.UNKNOWN


def _void(ctx: Context, reason: VoidReason) -> CodeVoid:
    return CodeVoid(reason, notices.void_text(reason, ctx.policy.otp_minutes))


__all__ = [
    "CodeMalformed",
    "CodeRefused",
    "CodeRight",
    "CodeSent",
    "CodeVoid",
    "CodeWrong",
    "Verdict",
    "code_of",
    "reopen",
    "send_again",
    "send_code",
    "verify",
    "void_codes",
]
