"""Checking one-time passwords (OTP-1 to OTP-7); how they are sent stands in ``sending``.

Neither code nor seed is stored: both are derived from the server's key and the challenge's id. A try is spent before
the code is compared, by one UPDATE that the database decides, so fifty at once spend three. The account's row is the
lock under which sends and wrong tries are counted; over whom they are counted stands in ``counting``. Outcomes are
returned, not raised: a wrong try must be kept. A right code and a wrong one run the same statements.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
from dataclasses import dataclass
from datetime import datetime

import pyotp
from sqlalchemy import update

from core.context import Context
from core.otp import counting, notices, rules
from core.otp.counting import asker_key, asking_as
from core.otp.models import Challenge, Purpose
from core.otp.rules import VoidReason, WrongSoFar
from core.otp.sending import (
    CodeRefused,
    CodeSent,
    locked_account,
    send_again,
    send_code,
    void_codes,
    why_no_code,
    withhold_code,
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
    so_far = counting.counts(ctx, asking_as(ctx, found.account_id, found.asker, found.known_as), to_count=True)
    answers_for = so_far.standing(purpose)
    tries = None if answers_for.stops(ctx.now) else _spend(ctx, found.id)
    if tries is None:
        return _void(ctx, _why_void(ctx, found, answers_for), answers_for.wait_until)
    is_right = hmac.compare_digest(code_of(ctx.vault, found.id), typed) and found.is_sent
    is_right = _settle(ctx, found.id, is_right=is_right) and is_right
    after = counting.count(ctx, so_far, is_right=is_right).standing(purpose)
    ctx.note("otp.right" if is_right else "otp.wrong", f"account:{found.account_id}", (purpose.value,))
    left = rules.TRIES - tries
    return CodeRight(found.account_id) if is_right else CodeWrong(left, notices.wrong_text(left, after, ctx.now))


def reopen(ctx: Context, account_id: int) -> bool:
    """Open one-time passwords for an account that too many wrong ones closed (OTP-6); False when none are counted."""
    forgotten = counting.forget(ctx, account_id)
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
    return ctx.session.scalar(
        update(Challenge)
        .where(
            Challenge.id == challenge,
            Challenge.tries < rules.TRIES,
            Challenge.used_at.is_(None),
            Challenge.voided_at.is_(None),
            Challenge.expires_at > ctx.now,
        )
        .values(tries=Challenge.tries + 1)
        .returning(Challenge.tries),
        execution_options={"synchronize_session": False},
    )


def _settle(ctx: Context, challenge: str, *, is_right: bool) -> bool:
    """Mark a code used, or write it as it was: the same work. Return whether it was unused; of two at once one wins."""
    unused = ctx.session.scalar(
        update(Challenge)
        .where(Challenge.id == challenge, Challenge.used_at.is_(None))
        .values(used_at=ctx.now if is_right else None)
        .returning(Challenge.id),
        execution_options={"synchronize_session": False},
    )
    return unused is not None


def _why_void(ctx: Context, found: Challenge, wrong: WrongSoFar) -> VoidReason:
    ctx.session.refresh(found)
    state = rules.State(
        found.tries, found.expires_at, is_used=found.used_at is not None, is_replaced=found.voided_at is not None
    )
    return rules.why_void(state, wrong, ctx.now) or VoidReason.UNKNOWN


def _void(ctx: Context, reason: VoidReason, until: datetime | None = None) -> CodeVoid:
    return CodeVoid(reason, notices.void_text(reason, ctx.policy.otp_minutes, until))


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
    "why_no_code",
    "withhold_code",
]
