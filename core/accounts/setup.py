"""首次設定密碼: offering a code to an account that has no password yet, and setting the first one with it.

It says the same for every account, known or not, and does the same work (A24): what is not done for an account is done
for nobody, a made-up account in a savepoint that is taken back. The owner hears by mail when there is nothing to set.
"""

from __future__ import annotations

from core.accounts import notices, queries
from core.accounts.models import CodeChannel
from core.accounts.nobody import nobody
from core.accounts.rules import Standing
from core.accounts.service import set_password
from core.context import Context
from core.notices.models import NoticeKind, Urgency
from core.notices.service import ToAddress, say
from core.otp.counting import asker_key
from core.otp.models import Challenge, Purpose
from core.otp.rules import VoidReason, expires_at
from core.otp.service import CodeRight, CodeSent, CodeVoid, send_code, verify
from core.secrets import new_token


def offer_setup(ctx: Context, account_code: str, asker: str) -> str | None:
    """Send a code to the registered e-mail, where the account may be used and has no password; return its challenge.

    None: no code was sent. Whoever asked must not see the difference.
    """
    ctx.note("password.setup_asked", "account:by_code")  # a row for each, so that all take a commit's time
    known = queries.known_account(ctx.session, account_code, ctx.today)
    usable = known if known is not None and known.standing is Standing.ACTIVE else None
    told = usable if usable is not None and usable.has_password else None
    asked = usable if told is None else None
    sent = send_code(ctx, asked.account_id, Purpose.PASSWORD, asker) if asked else None
    if told is not None:
        _tell_owner(ctx, told)
    with nobody(ctx) as made_up:
        if not isinstance(sent, CodeSent):
            send_code(ctx, made_up.account_id, Purpose.PASSWORD, asker)
        if told is None:
            _tell_owner(ctx, made_up)
    return sent.challenge if isinstance(sent, CodeSent) else None


def set_first_password(ctx: Context, challenge: str, code: str, asker: str, password: str) -> bool:
    """Set the password when the code is right. False: it was not, for whatever reason; the try is kept.

    Raises ``InvalidInput`` for the password's length: check it before, for by then the code would be used.
    """
    verdict = verify(ctx, challenge, code, Purpose.PASSWORD, asker)
    with nobody(ctx) as made_up:
        nobodys = _challenge_of(ctx, made_up.account_id, asker)
        if isinstance(verdict, CodeVoid) and verdict.reason is VoidReason.UNKNOWN:
            verify(ctx, nobodys, code, Purpose.PASSWORD, asker)  # as long as a wrong code of somebody takes (A24)
    known = queries.known_by_id(ctx.session, verdict.account_id, ctx.today) if isinstance(verdict, CodeRight) else None
    if known is None or known.has_password:
        return False
    set_password(ctx, known.code, password)
    return True


def _challenge_of(ctx: Context, account_id: int, asker: str) -> str:
    challenge = Challenge(
        id=new_token(),
        account_id=account_id,
        purpose=Purpose.PASSWORD,
        asker=asker_key(ctx, asker),
        channel=CodeChannel.MAIL,
        sent_at=ctx.now,
        expires_at=expires_at(ctx.now, ctx.policy),
        tries=0,
    )
    ctx.session.add(challenge)
    ctx.session.flush()
    return challenge.id


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
