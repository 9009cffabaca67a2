"""Sending and checking one-time passwords (OTP-1 to OTP-7).

Neither code nor seed is stored: both are derived from the server's key and the challenge's id. A try is spent before
the code is compared, by one UPDATE that the database decides, so fifty at once spend three. The account's row is the
lock under which sends and wrong tries are counted. Outcomes are returned, not raised: a wrong try must be kept.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
from dataclasses import dataclass
from datetime import datetime

import pyotp
from sqlalchemy import exists, select, update

from core.accounts import queries as accounts
from core.accounts.models import Account, CodeChannel
from core.accounts.rules import Standing
from core.context import Context
from core.database import insert_once
from core.masking import mask_email
from core.notices.models import NoticeKind, Urgency
from core.notices.service import ToAccount, ToAddress, say
from core.otp import notices, rules
from core.otp.models import Challenge, Purpose, WrongCodes
from core.otp.rules import Stop, VoidReason
from core.secrets import Vault, new_token

BY_MAIL_ONLY = frozenset({Purpose.LINK, Purpose.PASSWORD})  # whoever holds an old phone must not bind or reset with it


@dataclass(frozen=True)
class CodeSent:
    """A code is on its way; ``to_hint`` says where without telling the address."""

    challenge: str
    channel: CodeChannel
    to_hint: str
    expires_at: datetime


@dataclass(frozen=True)
class CodeRefused:
    """No code is sent; ``wait_until`` is when one may ask again, where there is such a moment."""

    text: str
    wait_until: datetime | None = None


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


def send_code(ctx: Context, account_id: int, purpose: Purpose, asker: str) -> CodeSent | CodeRefused:
    """Send a new code and void older ones of this purpose (OTP-3); it works only where ``asker`` is (OTP-7)."""
    account = _locked_account(ctx, account_id)
    if account is None:
        return CodeRefused(notices.stop_text(Stop.ACCOUNT, None))
    refused = rules.may_not_send(_sent(ctx, account_id), _wrong_so_far(ctx, account_id), ctx.now, ctx.policy)
    if refused is not None:
        return CodeRefused(notices.stop_text(refused.why, refused.until), refused.until)
    _void_older(ctx, account_id, purpose)
    return _send(ctx, account, purpose, asker)


def verify(ctx: Context, challenge: str, code: str, purpose: Purpose, asker: str) -> Verdict:
    """Check a code where it was asked for; the third wrong try voids it (OTP-2), wrong ones add up (OTP-6)."""
    typed = rules.read_code(code)
    if typed is None:
        return CodeMalformed()
    found = ctx.session.get(Challenge, challenge, populate_existing=True)
    if found is None or found.purpose is not purpose or found.asker != _asker_key(ctx, asker):
        return _void(ctx, VoidReason.UNKNOWN)
    if _locked_account(ctx, found.account_id) is None:
        return _void(ctx, VoidReason.UNKNOWN)
    tries = _spend(ctx, challenge)
    if tries is None:
        return _void(ctx, _why_void(ctx, found))
    is_right = hmac.compare_digest(code_of(ctx.vault, challenge), typed) and _use_up(ctx, challenge)
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


def _locked_account(ctx: Context, account_id: int) -> Account | None:
    """Return the account, locked until the transaction ends, or None when it may not be used today (A26)."""
    account = ctx.session.scalar(
        select(Account)
        .where(Account.id == account_id)
        .with_for_update(of=Account)
        .execution_options(populate_existing=True)
    )
    is_active = account is not None and accounts.standing_of(account, ctx.today) is Standing.ACTIVE
    return account if is_active else None


def _send(ctx: Context, account: Account, purpose: Purpose, asker: str) -> CodeSent:
    reach = accounts.reach_of(ctx.session, account.id)
    wants_line = account.code_channel is CodeChannel.LINE and purpose not in BY_MAIL_ONLY
    by_line = wants_line and reach is not None and reach.person is not None and not reach.blocked
    challenge = Challenge(
        id=new_token(),
        account_id=account.id,
        purpose=purpose,
        asker=_asker_key(ctx, asker),
        channel=CodeChannel.LINE if by_line else CodeChannel.MAIL,
        sent_at=ctx.now,
        expires_at=rules.expires_at(ctx.now, ctx.policy),
    )
    ctx.session.add(challenge)
    say(
        ctx,
        to=ToAccount(account.id) if by_line else ToAddress(account.id, account.email),
        answer=notices.code_answer(challenge.id, purpose, ctx.policy.otp_minutes, challenge.expires_at),
        kind=NoticeKind.CODE,
        key=f"code:{challenge.id}",
        urgency=Urgency.ALWAYS,
    )
    ctx.note("otp.sent", f"account:{account.id}", (purpose.value,))
    hint = challenge.channel.label if by_line else mask_email(ctx.vault.open(account.email))
    return CodeSent(challenge.id, challenge.channel, hint, challenge.expires_at)


def _sent(ctx: Context, account_id: int) -> list[datetime]:
    """Return when codes were sent to an account within the last day, newest first."""
    return list(
        ctx.session.scalars(
            select(Challenge.sent_at)
            .where(Challenge.account_id == account_id, Challenge.sent_at > ctx.now - rules.DAY)
            .order_by(Challenge.sent_at.desc())
            .limit(ctx.policy.otp_sends_a_day)
        )
    )


def _void_older(ctx: Context, account_id: int, purpose: Purpose) -> None:
    ctx.session.execute(
        update(Challenge)
        .where(
            Challenge.account_id == account_id,
            Challenge.purpose == purpose,
            Challenge.used_at.is_(None),
            Challenge.voided_at.is_(None),
        )
        .values(voided_at=ctx.now),
        execution_options={"synchronize_session": False},
    )


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


def _wrong_so_far(ctx: Context, account_id: int) -> rules.WrongSoFar:
    row = ctx.session.get(WrongCodes, account_id, populate_existing=True)
    if row is None:
        return rules.WrongSoFar()
    return rules.WrongSoFar(row.in_a_row, row.wait_until, is_closed=row.closed_at is not None)


def _why_void(ctx: Context, found: Challenge) -> VoidReason:
    ctx.session.refresh(found)
    state = rules.State(
        found.tries, found.expires_at, is_used=found.used_at is not None, is_replaced=found.voided_at is not None
    )
    reason = rules.why_void(state, _wrong_so_far(ctx, found.account_id), ctx.now)
    return reason or VoidReason.UNKNOWN


def _void(ctx: Context, reason: VoidReason) -> CodeVoid:
    return CodeVoid(reason, notices.void_text(reason, ctx.policy.otp_minutes))


def _asker_key(ctx: Context, asker: str) -> str:
    """Return what stands for the asker in the database: the browser's session, the LINE person, the API key."""
    return ctx.vault.derive("asker", asker).hex()
