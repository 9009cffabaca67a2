"""What is kept only so long: each function forgets some rows that are older than policy says and returns how many.

The audit is not here and is never deleted from: it says for five years who did and saw what.
"""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import ColumnElement, delete, or_, select, update
from sqlalchemy.orm import InstrumentedAttribute

from core.accounts.models import LinkNonce, LinkToken, WebSession
from core.accounts.registration.models import MailboxCode
from core.accounts.registration.proving import KEPT
from core.accounts.rules import SESSION_IDLE
from core.context import Context
from core.helpdesk.models import HelpRequest
from core.inbox.models import EventState, InboxEvent
from core.machines.models import ApiWrite, CodeAsk, UnsentWrong
from core.machines.rules import REMEMBERED
from core.otp.models import Challenge, Tally

DAY = timedelta(days=1)
HANDLED = (EventState.DONE, EventState.IGNORED)  # what is parked waits for a person


def forget_events(ctx: Context, size: int) -> int:
    """Forget webhook events that were handled, a day after they could come again (A3): clocks differ."""
    old = InboxEvent.received_at < ctx.now - timedelta(days=ctx.policy.inbox_kept_days) - DAY
    return _forget(ctx, InboxEvent.id, size, old, InboxEvent.state.in_(HANDLED))


def forget_codes(ctx: Context, size: int) -> int:
    """Forget one-time passwords that were sent long ago."""
    return _forget(ctx, Challenge.id, size, Challenge.sent_at < ctx.now - timedelta(days=ctx.policy.codes_kept_days))


def forget_tallies(ctx: Context, size: int) -> int:
    """Forget counts of wrong codes that nothing was added to for long; what is closed stays until a person opens it."""
    old = Tally.tried_at < ctx.now - timedelta(days=ctx.policy.codes_kept_days)
    return _forget(ctx, Tally.key, size, old, Tally.closed_at.is_(None))


def forget_link_tokens(ctx: Context, size: int) -> int:
    """Forget link tokens whose ten minutes ended a day ago."""
    return _forget(ctx, LinkToken.token_key, size, LinkToken.expires_at < ctx.now - DAY)


def forget_nonces(ctx: Context, size: int) -> int:
    """Forget nonces whose ten minutes ended a day ago: until then a second use is told from a guess."""
    return _forget(ctx, LinkNonce.nonce_key, size, LinkNonce.expires_at < ctx.now - DAY)


def forget_sessions(ctx: Context, size: int) -> int:
    """Forget sessions at the desk that ended, or were last used, long ago."""
    before = ctx.now - timedelta(days=ctx.policy.sessions_kept_days)
    over = or_(WebSession.ended_at < before, WebSession.last_used_at < before - SESSION_IDLE)
    return _forget(ctx, WebSession.token_key, size, over)


def forget_mailbox_codes(ctx: Context, size: int) -> int:
    """Forget codes to mailboxes of nobody, once their wrong tries add up no more; each ask forgets some, too."""
    return _forget(ctx, MailboxCode.id, size, MailboxCode.sent_at < ctx.now - KEPT)


def forget_asks(ctx: Context, size: int) -> int:
    """Forget the codes other systems asked for, which count for a day; each ask forgets some, too."""
    return _forget(ctx, CodeAsk.id, size, CodeAsk.asked_at <= ctx.now - DAY)


def forget_writes(ctx: Context, size: int) -> int:
    """Forget the answers to writes that can come again no more; each write forgets some, too."""
    return _forget(ctx, ApiWrite.marker, size, ApiWrite.begun_at <= ctx.now - REMEMBERED)


def forget_unsent_wrong(ctx: Context, size: int) -> int:
    """Forget wrong codes tried for accounts that are not there, as long after as those of accounts (A24)."""
    old = UnsentWrong.tried_at < ctx.now - timedelta(days=ctx.policy.codes_kept_days)
    return _forget(ctx, UnsentWrong.account_key, size, old, UnsentWrong.closed_at.is_(None))


def forget_networks(ctx: Context, size: int) -> int:
    """Forget from which network a request was written on the web page, once it counts no more; the request stays."""
    old = (HelpRequest.network_key.is_not(None), HelpRequest.asked_at <= ctx.now - DAY)
    found = ctx.session.scalars(select(HelpRequest.id).where(*old).limit(size).with_for_update(skip_locked=True)).all()
    if found:
        nowhere = update(HelpRequest).where(HelpRequest.id.in_(found)).values(network_key=None)
        ctx.session.execute(nowhere, execution_options={"synchronize_session": False})
    return len(found)


FORGET = (
    forget_events,
    forget_codes,
    forget_tallies,
    forget_link_tokens,
    forget_nonces,
    forget_sessions,
    forget_mailbox_codes,
    forget_asks,
    forget_writes,
    forget_unsent_wrong,
    forget_networks,
)


def _forget(
    ctx: Context, key: InstrumentedAttribute[int] | InstrumentedAttribute[str], size: int, *old: ColumnElement[bool]
) -> int:
    """Delete some rows by their key; those that somebody holds are left to the next time."""
    found = ctx.session.scalars(select(key).where(*old).limit(size).with_for_update(skip_locked=True)).all()
    if found:
        ctx.session.execute(delete(key.class_).where(key.in_(found)), execution_options={"synchronize_session": False})
    return len(found)
