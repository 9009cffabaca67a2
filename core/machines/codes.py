"""One-time passwords for another system: asked for and checked by its key, and no other (OTP-7).

Whoever asks does not learn which accounts there are (A24). Each ask is answered alike and counted alike, whether or not
a code was sent. One that the account may not have now is withheld: a challenge that opens nothing, and otherwise is as
any. Where there is no account in use, nothing fits the challenge either, and wrong tries are counted and answered here
as those of a real one are. All take the same work (``nobody``). So an account that is unknown, disabled, waiting or
closed looks like one whose person mistypes.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import exists, select

from core.access import Action, require
from core.accounts import queries as accounts
from core.accounts.models import CodeChannel
from core.accounts.rules import Standing
from core.clearing import clear_away
from core.context import Context
from core.database import insert_once
from core.machines.models import ApiKey, CodeAsk, UnsentWrong
from core.machines.nobody import ASKER, ask_for_nobody, code_of_nobody
from core.machines.rules import is_challenge
from core.otp import rules
from core.otp.models import Purpose
from core.otp.notices import stop_text, void_text, wrong_text
from core.otp.rules import TRIES, VoidReason, WrongSoFar
from core.otp.sending import CodeSent, send_code, withhold_code
from core.otp.service import CodeMalformed, CodeVoid, CodeWrong, Verdict, verify
from core.secrets import folded, new_token


@dataclass(frozen=True)
class Asked:
    """A code is on its way, if the account may have one."""

    challenge: str
    channel: CodeChannel
    expires_at: datetime


@dataclass(frozen=True)
class AskedTooOften:
    """This system asked for a code of this account too often; ``until`` is when it may again (OTP-3)."""

    text: str
    until: datetime


def ask_code(ctx: Context, account_code: str, purpose: Purpose) -> Asked | AskedTooOften:
    """Send a code to an account, where it may have one, that works with this key only.

    The limits of OTP-3 hold here by key and account as it was typed, so that they tell nothing either.
    """
    require(ctx.actor, Action.ASK_CODES)
    clear_away(ctx, CodeAsk.id, CodeAsk.asked_at <= ctx.now - rules.DAY)
    key_id, account_key = _locked_key(ctx), ctx.vault.look_up("account-asked", account_code)
    wait = rules.may_not_send(_asked(ctx, key_id, account_key), WrongSoFar(), ctx.now, ctx.policy)
    if wait is not None and wait.until is not None:
        return AskedTooOften(stop_text(wait.why, wait.until), wait.until)
    ctx.note("otp.asked", "account:by_code", (purpose.value,))
    sent = _send(ctx, account_code, purpose)
    asked = sent or Asked(new_token(), CodeChannel.MAIL, rules.expires_at(ctx.now, ctx.policy))
    ctx.session.add(
        CodeAsk(
            id=asked.challenge,
            key_id=key_id,
            account_key=account_key,
            purpose=purpose,
            asked_at=ctx.now,
            expires_at=asked.expires_at,
            is_sent=sent is not None,
        )
    )
    return asked


def check_code(ctx: Context, challenge: str, code: str) -> Verdict:
    """Check a code that this key asked for; with another key it is as if there were no such challenge (OTP-7)."""
    require(ctx.actor, Action.ASK_CODES)
    if rules.read_code(code) is None:
        return CodeMalformed()
    ask = ctx.session.get(CodeAsk, challenge) if is_challenge(challenge) else None
    if ask is None or ask.key_id != ctx.actor.key_id:
        return _void(ctx, VoidReason.UNKNOWN)
    is_sent, purpose = ask.is_sent, ask.purpose
    with code_of_nobody(ctx, purpose) as nobodys:  # what is not done for this one is done in here, and taken back
        if is_sent:
            _check_unsent(ctx, ask)
        else:
            verify(ctx, nobodys, code, purpose, ASKER)
    return verify(ctx, challenge, code, purpose, _asker(ctx)) if is_sent else _check_unsent(ctx, ask)


def _send(ctx: Context, account_code: str, purpose: Purpose) -> Asked | None:
    """Send a code, or withhold one that may not be sent now; None where there is no account in use."""
    known = accounts.known_account(ctx.session, folded(account_code), ctx.today)
    account_id = known.account_id if known is not None and known.standing is Standing.ACTIVE else None
    sent = send_code(ctx, account_id, purpose, _asker(ctx)) if account_id is not None else None
    ask_for_nobody(ctx, purpose, done=sent)
    if isinstance(sent, CodeSent):
        return Asked(sent.challenge, sent.channel, sent.expires_at)
    if account_id is None:
        return None
    withheld = withhold_code(ctx, account_id, purpose, _asker(ctx))
    return Asked(withheld, CodeChannel.MAIL, rules.expires_at(ctx.now, ctx.policy))


def _asker(ctx: Context) -> str:
    return f"api-key:{ctx.actor.key_id}"


def _locked_key(ctx: Context) -> int:
    """Return the id of the key that acts, locked until the transaction ends: its asks are counted one by one."""
    locked = select(ApiKey.id).where(ApiKey.id == ctx.actor.key_id).with_for_update()
    return ctx.session.scalars(locked).one()


def _asked(ctx: Context, key_id: int, account_key: str) -> list[datetime]:
    """Return when this key asked for codes of an account within the last day, newest first."""
    return list(
        ctx.session.scalars(
            select(CodeAsk.asked_at)
            .where(
                CodeAsk.key_id == key_id,
                CodeAsk.account_key == account_key,
                CodeAsk.asked_at > ctx.now - rules.DAY,
            )
            .order_by(CodeAsk.asked_at.desc())
            .limit(ctx.policy.otp_sends_a_day)
        )
    )


def _check_unsent(ctx: Context, ask: CodeAsk) -> CodeVoid | CodeWrong:
    """Answer a try of a code that was never sent as a wrong try of a real one is answered (OTP-2, OTP-6)."""
    wrong = _locked_wrong(ctx, ask.account_key)
    ctx.session.refresh(ask, with_for_update=True)
    so_far = WrongSoFar(wrong.in_a_row, wrong.wait_until, is_closed=wrong.closed_at is not None)
    state = rules.State(ask.tries, ask.expires_at, is_used=False, is_replaced=_is_replaced(ctx, ask))
    reason = rules.why_void(state, so_far, ctx.now)
    if reason is not None:
        return _void(ctx, reason, so_far.wait_until)
    after = rules.after_wrong(wrong.in_a_row + 1, ctx.now, ctx.policy)
    ask.tries += 1
    wrong.in_a_row, wrong.tried_at = after.in_a_row, ctx.now
    wrong.wait_until = after.wait_until or wrong.wait_until
    wrong.closed_at = ctx.now if after.is_closed else None
    ctx.note("otp.wrong", "account:by_code", (ask.purpose.value,))
    stands = WrongSoFar(after.in_a_row, wrong.wait_until, after.is_closed)
    return CodeWrong(TRIES - ask.tries, wrong_text(TRIES - ask.tries, stands, ctx.now))


def _locked_wrong(ctx: Context, account_key: str) -> UnsentWrong:
    values = {"account_key": account_key, "in_a_row": 0, "tried_at": ctx.now}
    insert_once(ctx.session, UnsentWrong, values, key="account_key")
    locked = select(UnsentWrong).where(UnsentWrong.account_key == account_key).with_for_update()
    return ctx.session.scalars(locked.execution_options(populate_existing=True)).one()


def _is_replaced(ctx: Context, ask: CodeAsk) -> bool:
    """Return whether another one was asked for since, by whichever key: it would have made this one void (OTP-3)."""
    newer = exists().where(
        CodeAsk.account_key == ask.account_key, CodeAsk.purpose == ask.purpose, CodeAsk.asked_at > ask.asked_at
    )
    return bool(ctx.session.scalar(select(newer)))


def _void(ctx: Context, reason: VoidReason, until: datetime | None = None) -> CodeVoid:
    return CodeVoid(reason, void_text(reason, ctx.policy.otp_minutes, until))
