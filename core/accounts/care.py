"""What the desk does for an account: disable it, unbind a lost phone, open its codes again (A27, ACC-6, OTP-6).

Administrators disable; the helpdesk does the rest too. The owner is told of each.
"""

from __future__ import annotations

from sqlalchemy import select

from core.access import Action, require
from core.accounts import links, notices
from core.accounts.flaws import Flaw
from core.accounts.models import Account, BindingEnd
from core.accounts.refusals import AccountRefusal
from core.accounts.requests.rules import REASON_AT_MOST
from core.accounts.service import disable_account
from core.context import Context
from core.errors import Broken, NotFound, refuse_if
from core.notices.models import NoticeKind, Urgency
from core.notices.service import ToAddress, say
from core.otp.service import reopen
from core.secrets import folded
from core.wording import characters, is_blank


def disable_with_reason(ctx: Context, code: str, reason: str) -> bool:
    """Close an account at once and tell its owner why; False when it was closed before.

    Raises ``RuleBroken`` without a reason and for one's own account, ``NotAllowed`` and ``NotFound``.
    """
    require(ctx.actor, Action.CHANGE_ACCOUNTS)
    account = locked(ctx, code)
    broken = _broken_by_reason(reason)
    if account.id == ctx.actor.account_id:
        broken = AccountRefusal.OWN.broken()
    refuse_if(broken)
    if not disable_account(ctx, account.code):
        return False
    account.disabled_why = ctx.vault.seal(reason.strip())
    say(
        ctx,
        to=ToAddress(account.id, account.email),
        answer=notices.disabled_by_mail(account.code, ctx.now, reason.strip()),
        kind=NoticeKind.ACCOUNT,
        key=f"disabled:{account.id}:{ctx.now.isoformat()}",
        urgency=Urgency.ALWAYS,
    )
    return True


def unbind_phone(ctx: Context, code: str) -> bool:
    """End the binding of a lost phone: sessions and what waits for it end too (A27); False when there is none."""
    require(ctx.actor, Action.HELP_ACCOUNTS)
    return links.unbind(ctx, locked(ctx, code).id, BindingEnd.BY_STAFF)


def reopen_codes(ctx: Context, code: str) -> bool:
    """Open one-time passwords again that wrong tries closed (OTP-6); False when none were counted."""
    require(ctx.actor, Action.HELP_ACCOUNTS)
    return reopen(ctx, locked(ctx, code).id)


def locked(ctx: Context, code: str) -> Account:
    """Return the account of a code, locked until the transaction ends; raises ``NotFound``."""
    account = ctx.session.scalar(
        select(Account)
        .where(Account.code == folded(code))
        .with_for_update(of=Account)
        .execution_options(populate_existing=True)
    )
    if account is None:
        raise NotFound(Flaw.ACCOUNT_UNKNOWN.text)
    return account


def _broken_by_reason(reason: str) -> Broken | None:
    if is_blank(reason):
        return AccountRefusal.NO_REASON.broken()
    is_long = characters(reason) > REASON_AT_MOST
    return AccountRefusal.LONG_REASON.broken(at_most=str(REASON_AT_MOST)) if is_long else None
