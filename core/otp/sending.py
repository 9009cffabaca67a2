"""Sending one-time passwords: a new one, the same one's successor by another way, and making an account's codes void.

Neither code nor seed is stored: both are derived from the server's key and the challenge's id. The account's row is the
lock under which sends are counted (OTP-3).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, select, update

from core.accounts import queries as accounts
from core.accounts.models import Account, CodeChannel
from core.accounts.rules import Standing
from core.context import Context
from core.masking import mask_email
from core.notices.models import NoticeKind, Urgency
from core.notices.service import ToAccount, ToAddress, say
from core.otp import notices, rules
from core.otp.counting import Asking, asking, asking_as, counts
from core.otp.models import Challenge, Purpose
from core.otp.rules import MayNotSend, Stop
from core.secrets import Sealed, new_token

BY_MAIL_ONLY = frozenset({Purpose.LINK, Purpose.PASSWORD, Purpose.EXTENSION, Purpose.EMAIL_CHANGE})
"""Whoever holds a phone, an old one or the very one that asks, must not bind, reset or prove anything with it."""
ANYWHERE = frozenset({Purpose.SIGN_IN, Purpose.MAIN_SYSTEM, Purpose.LINK, Purpose.PASSWORD})
"""What is asked for on a page: it may be sent again from elsewhere, and still works on that page only."""


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
class _Way:
    """Where one code goes: an address of its own, or as the account has it."""

    account: Account
    channel: CodeChannel
    address: Sealed


def send_code(
    ctx: Context, account_id: int, purpose: Purpose, asker: str, *, address: Sealed | None = None, known_as: str = ""
) -> CodeSent | CodeRefused:
    """Send a new code and void older ones of this purpose (OTP-3); it works only where ``asker`` is (OTP-7).

    It goes to the registered mailbox, or by LINE to who chose so and is reached there (OTP-4); with an ``address``
    there and nowhere else: a mailbox that is to be proved (ACC-7). All limits hold alike.
    ``known_as`` is what stays the same of a browser that the account knows; strangers cannot lock it out (A20).
    """
    account = locked_account(ctx, account_id)
    if account is None:
        return _refused(MayNotSend(Stop.ACCOUNT))
    who = asking(ctx, account_id, asker, known_as)
    refused = _why_not(ctx, who, purpose)
    if refused is not None:
        return _refused(refused)
    _void(ctx, account_id, Challenge.purpose == purpose)
    way = _Way(account, CodeChannel.MAIL, address) if address else _way(ctx, account, purpose, account.code_channel)
    return _send(ctx, way, purpose, who)


def why_no_code(ctx: Context, account_id: int, purpose: Purpose, asker: str) -> CodeRefused | None:
    """Return why no code would be sent now, or None; it takes the same statements as a refusal by ``send_code``."""
    if locked_account(ctx, account_id) is None:
        return _refused(MayNotSend(Stop.ACCOUNT))
    refused = _why_not(ctx, asking(ctx, account_id, asker), purpose)
    return _refused(refused) if refused else None


def withhold_code(ctx: Context, account_id: int, purpose: Purpose, asker: str) -> str:
    """Do as if the code that was refused were sent, for an asker who must not learn that it was not (A24).

    Returns a challenge that opens nothing. Older codes of this purpose are void as by a new one (OTP-3), and wrong
    tries of this one count like any (OTP-6); it is no send, so it uses up none.
    """
    _void(ctx, account_id, Challenge.purpose == purpose)
    who = asking(ctx, account_id, asker)
    challenge = _challenge(ctx, who, purpose, CodeChannel.MAIL)
    challenge.is_sent = False
    ctx.session.add(challenge)
    ctx.session.flush()
    return challenge.id


def send_again(ctx: Context, account_id: int, channel: CodeChannel) -> CodeSent | CodeRefused | None:
    """Send the code a page waits for once more, by the way asked for; None when no page waits for one (OTP-3).

    It is a new code, and the old one is void; it works where the old one was asked for, and nowhere else (OTP-7).
    """
    account = locked_account(ctx, account_id)
    if account is None:
        return _refused(MayNotSend(Stop.ACCOUNT))
    old = ctx.session.scalar(
        select(Challenge)
        .where(Challenge.account_id == account_id, Challenge.purpose.in_(ANYWHERE), is_live(ctx))
        .order_by(Challenge.sent_at.desc())
        .limit(1)
        .execution_options(populate_existing=True)
    )
    if old is None:
        return None
    who = asking_as(ctx, account_id, old.asker, old.known_as)
    refused = _why_not(ctx, who, old.purpose)
    if refused is not None:
        return _refused(refused)
    _void(ctx, account_id, Challenge.purpose == old.purpose)
    sent = _send(ctx, _way(ctx, account, old.purpose, channel), old.purpose, who)
    ctx.session.execute(update(Challenge).where(Challenge.id == old.id).values(resent_as=sent.challenge))
    return sent


def void_codes(ctx: Context, account_id: int) -> None:
    """Make all codes of an account void that are still good: in an old mailbox, on a lost phone (ACC-7, A27)."""
    _void(ctx, account_id)


def is_live(ctx: Context) -> ColumnElement[bool]:
    """Return the condition that a code was sent and may still be used."""
    return (
        Challenge.is_sent
        & Challenge.used_at.is_(None)
        & Challenge.voided_at.is_(None)
        & (Challenge.expires_at > ctx.now)
        & (Challenge.tries < rules.TRIES)
    )


def locked_account(ctx: Context, account_id: int) -> Account | None:
    """Return the account, locked until the transaction ends, or None when it may not be used today (A26)."""
    account = ctx.session.scalar(
        select(Account)
        .where(Account.id == account_id)
        .with_for_update(of=Account)
        .execution_options(populate_existing=True)
    )
    is_active = account is not None and accounts.standing_of(account, ctx.today) is Standing.ACTIVE
    return account if is_active else None


def _why_not(ctx: Context, who: Asking, purpose: Purpose) -> MayNotSend | None:
    """Return why this asker gets no code now (OTP-3, OTP-6); one known to the account answers for their own (A20)."""
    so_far = counts(ctx, who)
    policy = rules.slowed(ctx.policy) if so_far.is_slowed(ctx.now) else ctx.policy
    return rules.may_not_send(_sent(ctx, who), so_far.standing(purpose), ctx.now, policy)


def _refused(why: MayNotSend) -> CodeRefused:
    return CodeRefused(notices.stop_text(why.why, why.until), why.until)


def _way(ctx: Context, account: Account, purpose: Purpose, wanted: CodeChannel) -> _Way:
    """Return the way a code goes: LINE where it is wanted, may be used for this, and reaches somebody; else mail."""
    reach = accounts.reach_of(ctx.session, account.id)
    wants_line = wanted is CodeChannel.LINE and purpose not in BY_MAIL_ONLY
    by_line = wants_line and reach is not None and reach.person is not None and not reach.blocked
    return _Way(account, CodeChannel.LINE if by_line else CodeChannel.MAIL, account.email)


def _send(ctx: Context, way: _Way, purpose: Purpose, who: Asking) -> CodeSent:
    account, by_line = way.account, way.channel is CodeChannel.LINE
    challenge = _challenge(ctx, who, purpose, way.channel)
    ctx.session.add(challenge)
    say(
        ctx,
        to=ToAccount(account.id) if by_line else ToAddress(account.id, way.address),
        answer=notices.code_answer(challenge, account.code, ctx.policy.otp_minutes),
        kind=NoticeKind.CODE,
        key=f"code:{challenge.id}",
        urgency=Urgency.ALWAYS,
    )
    ctx.note("otp.sent", f"account:{account.id}", (purpose.value,))
    hint = challenge.channel.label if by_line else mask_email(ctx.vault.open(way.address))
    return CodeSent(challenge.id, challenge.channel, hint, challenge.expires_at)


def _challenge(ctx: Context, who: Asking, purpose: Purpose, channel: CodeChannel) -> Challenge:
    return Challenge(
        id=new_token(),
        account_id=who.account_id,
        purpose=purpose,
        asker=who.asker,
        known_as=who.known_as,
        channel=channel,
        sent_at=ctx.now,
        expires_at=rules.expires_at(ctx.now, ctx.policy),
    )


def _sent(ctx: Context, who: Asking) -> list[datetime]:
    """Return when codes were sent within the last day, newest first: to who is known, or to anybody for the account."""
    own = () if who.known_as is None else (Challenge.known_as == who.known_as,)
    day_ago = ctx.now - rules.DAY
    return list(
        ctx.session.scalars(
            select(Challenge.sent_at)
            .where(Challenge.account_id == who.account_id, Challenge.is_sent, Challenge.sent_at > day_ago, *own)
            .order_by(Challenge.sent_at.desc())
            .limit(ctx.policy.otp_sends_a_day)
        )
    )


def _void(ctx: Context, account_id: int, *which: ColumnElement[bool]) -> None:
    ctx.session.execute(
        update(Challenge)
        .where(
            Challenge.account_id == account_id,
            Challenge.used_at.is_(None),
            Challenge.voided_at.is_(None),
            *which,
        )
        .values(voided_at=ctx.now),
        execution_options={"synchronize_session": False},
    )
