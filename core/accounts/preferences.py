"""What people choose for themselves: when the daily digest comes, and where one-time passwords go (OTP-4)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import time

from sqlalchemy import select

from core.accounts import notices
from core.accounts.flaws import Flaw
from core.accounts.models import Account, CodeChannel
from core.context import Context
from core.errors import NotFound
from core.language.models import Language
from core.masking import mask_email
from core.notices.models import NoticeKind, Urgency
from core.notices.service import ToAddress, say


@dataclass(frozen=True)
class Preferences:
    """What holds for an account now, chosen or by default."""

    digest_at: time
    """Taipei wall time."""
    code_channel: CodeChannel
    address: str
    """Where codes by mail go, masked."""
    language: Language = Language.CHINESE


def preferences(ctx: Context) -> Preferences:
    """Return one's own choices; raises ``NotFound`` for who has no account."""
    account = _own(ctx)
    address = mask_email(ctx.vault.open(account.email))
    language = account.language or Language.CHINESE
    return Preferences(account.digest_at or ctx.policy.digest_at, account.code_channel, address, language)


def choose_digest_time(ctx: Context, at: time) -> None:
    """Choose when the daily digest comes; raises ``InvalidInput`` for a time in the quiet hours."""
    if not ctx.policy.quiet_until <= at <= ctx.policy.quiet_from:
        raise Flaw.DIGEST_TIME.error()
    _own(ctx).digest_at = at
    _note(ctx, "digest_at")


def choose_language(ctx: Context, language: Language) -> None:
    """Choose what one is spoken to in, in the chat and by mail; raises ``NotFound`` for who has no account."""
    account = _own(ctx)
    if account.language is not language:
        account.language = language
        _note(ctx, "language")


def choose_code_channel(ctx: Context, channel: CodeChannel) -> bool:
    """Choose where one-time passwords go (OTP-4); False when they went there before. The mailbox is told."""
    account = _own(ctx)
    if account.code_channel is channel:
        return False
    account.code_channel = channel
    _note(ctx, "code_channel")
    say(
        ctx,
        to=ToAddress(account.id, account.email),
        answer=notices.codes_go_elsewhere(account.code, ctx.now, channel.label),
        kind=NoticeKind.ACCOUNT,
        key=f"code-channel:{account.id}:{ctx.now.isoformat()}",
        urgency=Urgency.ALWAYS,
    )
    return True


def _own(ctx: Context) -> Account:
    account = ctx.session.scalar(
        select(Account).where(Account.id == (ctx.actor.account_id or 0)).with_for_update(of=Account)
    )
    if account is None:
        raise NotFound
    return account


def _note(ctx: Context, field: str) -> None:
    ctx.note("account.chosen", f"account:{ctx.actor.account_id}", (field,))
    ctx.session.flush()
