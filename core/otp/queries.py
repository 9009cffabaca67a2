"""What is asked about one-time passwords: which is still good, and until when."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from core.accounts.models import CodeChannel
from core.context import Context
from core.otp.counting import EVERYBODY
from core.otp.models import Challenge, Purpose, Tally
from core.otp.rules import TRIES


@dataclass(frozen=True)
class LiveCode:
    """A code that may still be used; the code itself is nowhere."""

    purpose: Purpose
    channel: CodeChannel
    sent_at: datetime
    expires_at: datetime
    tries_left: int


def live_codes(ctx: Context, account_id: int) -> tuple[LiveCode, ...]:
    """Return an account's codes that may still be used, newest first: at most one a purpose."""
    rows = ctx.session.scalars(
        select(Challenge)
        .where(
            Challenge.account_id == account_id,
            Challenge.is_sent,
            Challenge.used_at.is_(None),
            Challenge.voided_at.is_(None),
            Challenge.expires_at > ctx.now,
            Challenge.tries < TRIES,
        )
        .order_by(Challenge.sent_at.desc())
        .limit(len(Purpose))
    )
    return tuple(
        LiveCode(each.purpose, each.channel, each.sent_at, each.expires_at, TRIES - each.tries) for each in rows
    )


def is_alarm(session: Session, now: datetime) -> bool:
    """Return whether so many wrong codes of everybody were tried that somebody should look (A19)."""
    until = session.scalar(select(Tally.wait_until).where(Tally.key == EVERYBODY))
    return until is not None and now < until
