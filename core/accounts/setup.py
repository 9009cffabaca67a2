"""首次設定密碼: offering a code to an account that has no password yet, and setting the first one with it.

It says the same for every account, known or not (A24); the owner hears by mail when there is nothing to set.
"""

from __future__ import annotations

from core.accounts import notices, queries
from core.accounts.rules import Standing
from core.accounts.service import set_password
from core.context import Context
from core.notices.models import NoticeKind, Urgency
from core.notices.service import ToAddress, say
from core.otp.models import Purpose
from core.otp.service import CodeRight, CodeSent, send_code, verify


def offer_setup(ctx: Context, account_code: str, asker: str) -> str | None:
    """Send a code to the registered e-mail, where the account may be used and has no password; return its challenge.

    None: no code was sent. Whoever asked must not see the difference.
    """
    ctx.note("password.setup_asked", "account:by_code")  # a row for each, so that all take a commit's time
    known = queries.known_account(ctx.session, account_code, ctx.today)
    if known is None or known.standing is not Standing.ACTIVE:
        return None
    if known.has_password:
        _tell_owner(ctx, known)
        return None
    sent = send_code(ctx, known.account_id, Purpose.PASSWORD, asker)
    return sent.challenge if isinstance(sent, CodeSent) else None


def set_first_password(ctx: Context, challenge: str, code: str, asker: str, password: str) -> bool:
    """Set the password when the code is right. False: it was not, for whatever reason; the try is kept.

    Raises ``InvalidInput`` for the password's length: check it before, for by then the code would be used.
    """
    verdict = verify(ctx, challenge, code, Purpose.PASSWORD, asker)
    known = queries.known_by_id(ctx.session, verdict.account_id, ctx.today) if isinstance(verdict, CodeRight) else None
    if known is None or known.has_password:
        return False
    set_password(ctx, known.code, password)
    return True


def _tell_owner(ctx: Context, known: queries.KnownAccount) -> None:
    """Tell the owner why no code came, once a day."""
    say(
        ctx,
        to=ToAddress(known.account_id, known.email),
        answer=notices.password_stands_already(known.code),
        kind=NoticeKind.ACCOUNT,
        key=f"password-stands:{known.account_id}:{ctx.today}",
        urgency=Urgency.ALWAYS,
    )
