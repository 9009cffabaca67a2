"""What is kept only so long: each function forgets some rows that are older than policy says and returns how many.

The audit is not here and is never deleted from: it says for five years who did and saw what.
"""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import or_, select, update

from core.accounts.models import LinkNonce, LinkToken, WebSession
from core.accounts.registration.models import MailboxCode
from core.accounts.registration.proving import KEPT
from core.accounts.rules import SESSION_IDLE
from core.clearing import clear_away
from core.context import Context
from core.duties.models import SaidCard
from core.helpdesk.models import HelpRequest
from core.inbox.models import EventState, InboxEvent
from core.machines.models import ApiWrite, CodeAsk, UnsentWrong
from core.machines.rules import REMEMBERED
from core.otp.models import Challenge, Tally

DAY = timedelta(days=1)
CARDS_KEPT = timedelta(days=30)
HANDLED = (EventState.DONE, EventState.IGNORED)  # what is parked waits for a person


def forget_events(ctx: Context, size: int) -> int:
    """Forget webhook events that were handled, a day after they could come again (A3): clocks differ."""
    old = InboxEvent.received_at < ctx.now - timedelta(days=ctx.policy.inbox_kept_days) - DAY
    return clear_away(ctx, InboxEvent.id, old, InboxEvent.state.in_(HANDLED), at_most=size)


def forget_codes(ctx: Context, size: int) -> int:
    """Forget one-time passwords that were sent long ago."""
    old = Challenge.sent_at < ctx.now - timedelta(days=ctx.policy.codes_kept_days)
    return clear_away(ctx, Challenge.id, old, at_most=size)


def forget_tallies(ctx: Context, size: int) -> int:
    """Forget counts of wrong codes that nothing was added to for long; what is closed stays until a person opens it."""
    old = Tally.tried_at < ctx.now - timedelta(days=ctx.policy.codes_kept_days)
    return clear_away(ctx, Tally.key, old, Tally.closed_at.is_(None), at_most=size)


def forget_link_tokens(ctx: Context, size: int) -> int:
    """Forget link tokens whose ten minutes ended a day ago."""
    return clear_away(ctx, LinkToken.token_key, LinkToken.expires_at < ctx.now - DAY, at_most=size)


def forget_nonces(ctx: Context, size: int) -> int:
    """Forget nonces whose ten minutes ended a day ago: until then a second use is told from a guess."""
    return clear_away(ctx, LinkNonce.nonce_key, LinkNonce.expires_at < ctx.now - DAY, at_most=size)


def forget_sessions(ctx: Context, size: int) -> int:
    """Forget sessions at the desk that ended, or were last used, long ago."""
    before = ctx.now - timedelta(days=ctx.policy.sessions_kept_days)
    over = or_(WebSession.ended_at < before, WebSession.last_used_at < before - SESSION_IDLE)
    return clear_away(ctx, WebSession.token_key, over, at_most=size)


def forget_mailbox_codes(ctx: Context, size: int) -> int:
    """Forget codes to mailboxes of nobody, once their wrong tries add up no more; each ask forgets some, too."""
    return clear_away(ctx, MailboxCode.id, MailboxCode.sent_at < ctx.now - KEPT, at_most=size)


def forget_asks(ctx: Context, size: int) -> int:
    """Forget the codes other systems asked for, which count for a day; each ask forgets some, too."""
    return clear_away(ctx, CodeAsk.id, CodeAsk.asked_at <= ctx.now - DAY, at_most=size)


def forget_writes(ctx: Context, size: int) -> int:
    """Forget the answers to writes that can come again no more; each write forgets some, too."""
    return clear_away(ctx, ApiWrite.marker, ApiWrite.begun_at <= ctx.now - REMEMBERED, at_most=size)


def forget_unsent_wrong(ctx: Context, size: int) -> int:
    """Forget wrong codes tried for accounts that are not there, as long after as those of accounts (A24)."""
    old = UnsentWrong.tried_at < ctx.now - timedelta(days=ctx.policy.codes_kept_days)
    return clear_away(ctx, UnsentWrong.account_key, old, UnsentWrong.closed_at.is_(None), at_most=size)


def forget_said_cards(ctx: Context, size: int) -> int:
    """Forget routine cards as they were before a notice said them: by then that has gone, or is said no more."""
    return clear_away(ctx, SaidCard.id, SaidCard.said_at < ctx.now - CARDS_KEPT, at_most=size)


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
    forget_said_cards,
    forget_networks,
)
