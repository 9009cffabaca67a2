"""Proving a mailbox that belongs to no account: a code goes there and must come back from the same browser (ACC-5).

Who signed on with the city first may name any mailbox, and asks for that account and no other.

The numbers of OTP hold, counted by mailbox instead of by account: eight digits, fifteen minutes, three tries spent
before the code is compared, so many sends an hour and a day, and wrong tries that add up over codes (OTP-1 to OTP-7).
Whether the mailbox belongs to an account is told to the mailbox alone (A24).
"""

from __future__ import annotations

import hmac
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import func, select, update

from core.accounts.models import Account
from core.accounts.registration import notices, rules
from core.accounts.registration.models import MailboxCode, ProofKind
from core.accounts.registration.refusals import CITY_HAS_ACCOUNT, CITY_NO_CODE, CROWDED
from core.accounts.requests.rules import read_address
from core.accounts.rules import is_account_code
from core.cards import Answer
from core.clearing import clear_away
from core.context import Context
from core.database import is_sqlite
from core.errors import refuse_if
from core.masking import mask_email
from core.notices.models import NoticeKind, Urgency
from core.notices.service import ToAddress, say
from core.otp import rules as otp
from core.otp import sources
from core.otp.notices import MALFORMED, stop_text, void_text, wrong_text
from core.otp.service import code_of
from core.secrets import folded, new_token

KEPT = timedelta(days=30)  # wrong tries add up for so long


@dataclass(frozen=True)
class MailboxAsked:
    """A code is on its way, or would be; ``to_hint`` is the masked address that was typed."""

    challenge: str
    to_hint: str


@dataclass(frozen=True)
class MailboxRefused:
    """Nothing was done, and why."""

    text: str


@dataclass(frozen=True)
class CityProved:
    """Somebody signed on with the city; ``code`` is their account as it is written here."""

    code: str


@dataclass(frozen=True)
class MailboxProved:
    """The right code came back; ``challenge`` proves the mailbox to the form that follows."""

    challenge: str


def prove_city(ctx: Context, named: str) -> CityProved | MailboxRefused:
    """Take the account that the city's sign-on named, its answer already checked (ACC-5).

    Refused for what is no account's code, and for one that has an account: who proved to be somebody may be told.
    """
    code = folded(named)
    if not is_account_code(code):
        ctx.note("registration.city_unknown", "account:unknown")
        return MailboxRefused(CITY_NO_CODE)
    account_id = ctx.session.scalar(select(Account.id).where(Account.code == code))
    if account_id is not None:
        ctx.note("registration.city_known", f"account:{account_id}")
        return MailboxRefused(CITY_HAS_ACCOUNT.format(code=code))
    ctx.note("registration.city_right", "account:by_code")
    return CityProved(code)


def ask_mailbox(ctx: Context, typed: str, asker: str, city_account: str = "") -> MailboxAsked | MailboxRefused:
    """Send a code to a mailbox that is to be proved; raises ``RuleBroken`` for one that proves nobody (ACC-5).

    ``city_account`` is who signed on with the city, as ``prove_city`` returned it; empty: nobody did.
    """
    address = read_address(typed)
    proof = ProofKind.CITY if city_account else ProofKind.MAILBOX
    refuse_if(rules.broken_by_mailbox(address, proof, ctx.policy.registration_hosts))
    key = ctx.vault.look_up("email", address)
    _hold(ctx, key)
    refused = _may_not_send(ctx, key)
    if refused is not None:
        return refused
    row = _stored(ctx, address, asker, city_account)
    ctx.note("registration.code_sent", "registration:mailbox")
    return MailboxAsked(row.id, mask_email(address))


def prove_mailbox(ctx: Context, challenge: str, typed: str, asker: str) -> MailboxProved | MailboxRefused:
    """Check a code where it was asked for. Returned, not raised: a wrong try must be kept (OTP-2)."""
    code = otp.read_code(typed)
    if code is None:
        return MailboxRefused(MALFORMED)
    row = _known(ctx, challenge, asker)
    if row is None:
        return MailboxRefused(void_text(otp.VoidReason.UNKNOWN, ctx.policy.otp_minutes))
    _hold(ctx, row.email_key)
    ctx.session.refresh(row)
    is_right = hmac.compare_digest(code_of(ctx.vault, row.id), code)
    so_far = wrong_so_far(ctx, row.email_key)
    reason, until = otp.why_void(_state(row), so_far, ctx.now), so_far.wait_until
    if reason is None and (until := sources.after_try(ctx, is_right=is_right)):
        reason = otp.VoidReason.WAIT
    if reason is not None:
        return MailboxRefused(void_text(reason, ctx.policy.otp_minutes, until))
    row.tries, row.tried_at = row.tries + 1, ctx.now
    if not is_right:
        ctx.note("registration.code_wrong", "registration:mailbox")
        ctx.session.flush()
        return MailboxRefused(wrong_text(otp.TRIES - row.tries, wrong_so_far(ctx, row.email_key), ctx.now))
    row.proved_at = ctx.now
    ctx.note("registration.mailbox_proved", "registration:mailbox")
    return MailboxProved(row.id)


def proved_mailbox(ctx: Context, challenge: str, asker: str) -> MailboxCode | None:
    """Return a mailbox this browser proved within the last half hour and has not used yet, locked; else None."""
    row = _known(ctx, challenge, asker)
    return row if row and row.voided_at is None and rules.is_proved(row.proved_at, ctx.now) else None


def wrong_so_far(ctx: Context, email_key: str) -> otp.WrongSoFar:
    """Return the wrong tries over all codes to a mailbox since the last right one (OTP-6)."""
    of_mailbox = MailboxCode.email_key == email_key
    right = select(func.max(MailboxCode.sent_at)).where(of_mailbox, MailboxCode.proved_at.is_not(None))
    last_right = ctx.session.scalar(right)
    wrong = select(func.coalesce(func.sum(MailboxCode.tries), 0), func.max(MailboxCode.tried_at)).where(
        of_mailbox, MailboxCode.proved_at.is_(None), *((MailboxCode.sent_at > last_right,) if last_right else ())
    )
    in_a_row, last = ctx.session.execute(wrong).one()
    return otp.after_wrong(in_a_row, last, ctx.policy) if last else otp.WrongSoFar()


def _may_not_send(ctx: Context, key: str) -> MailboxRefused | None:
    waits = sources.wait_until(ctx)
    if waits is not None:
        return MailboxRefused(stop_text(otp.Stop.WAIT, waits))
    hour = select(func.count()).where(MailboxCode.sent_at > ctx.now - otp.HOUR)
    if rules.is_crowded(ctx.session.scalar(hour) or 0, ctx.policy):
        return MailboxRefused(CROWDED)
    sent = ctx.session.scalars(
        select(MailboxCode.sent_at)
        .where(MailboxCode.email_key == key, MailboxCode.sent_at > ctx.now - otp.DAY)
        .order_by(MailboxCode.sent_at.desc())
        .limit(ctx.policy.otp_sends_a_day)
    ).all()
    refused = otp.may_not_send(sent, wrong_so_far(ctx, key), ctx.now, ctx.policy)
    return MailboxRefused(stop_text(refused.why, refused.until)) if refused else None


def _stored(ctx: Context, address: str, asker: str, city_account: str) -> MailboxCode:
    """Void older codes to the mailbox, store a new one, and tell the mailbox: the code, or that it has an account."""
    key, sealed = ctx.vault.look_up("email", address), ctx.vault.seal(address)
    clear_away(ctx, MailboxCode.id, MailboxCode.sent_at < ctx.now - KEPT)
    older = MailboxCode.email_key == key, MailboxCode.voided_at.is_(None)
    ctx.session.execute(
        update(MailboxCode).where(*older).values(voided_at=ctx.now), execution_options={"synchronize_session": False}
    )
    row = MailboxCode(
        id=new_token(), email_key=key, address=sealed, asker=_asker_key(ctx, asker),
        proof=ProofKind.CITY if city_account else ProofKind.MAILBOX, city_account=city_account or None,
        sent_at=ctx.now, expires_at=otp.expires_at(ctx.now, ctx.policy), tries=0,
    )  # fmt: skip
    ctx.session.add(row)
    owner = ctx.session.execute(select(Account.id, Account.code).where(Account.email_key == key)).one_or_none()
    if owner is None:
        answer = notices.code_answer(row.id, ctx.policy.otp_minutes, row.expires_at)
        _mail(ctx, ToAddress(None, sealed), answer, NoticeKind.CODE, f"registration-code:{row.id}")
    else:
        answer = notices.account_stands(owner.code)
        _mail(ctx, ToAddress(owner.id, sealed), answer, NoticeKind.ACCOUNT, f"account-stands:{owner.id}:{ctx.today}")
    return row


def _mail(ctx: Context, to: ToAddress, answer: Answer, kind: NoticeKind, key: str) -> None:
    say(ctx, to=to, answer=answer, kind=kind, key=key, urgency=Urgency.ALWAYS)


def _known(ctx: Context, challenge: str, asker: str) -> MailboxCode | None:
    row = ctx.session.scalar(
        select(MailboxCode)
        .where(MailboxCode.id == challenge)
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    return row if row is not None and hmac.compare_digest(row.asker, _asker_key(ctx, asker)) else None


def _asker_key(ctx: Context, asker: str) -> str:
    """Return what stands for the browser in the database."""
    return ctx.vault.derive("registration-asker", asker).hex()


def _state(row: MailboxCode) -> otp.State:
    return otp.State(
        row.tries, row.expires_at, is_used=row.proved_at is not None, is_replaced=row.voided_at is not None
    )


def _hold(ctx: Context, email_key: str) -> None:
    """Let sends and tries of one mailbox go one after the other; SQLite has one writer anyway."""
    if not is_sqlite(ctx.session):
        ctx.session.execute(select(func.pg_advisory_xact_lock(int(email_key[:15], 16))))
