"""The first of two steps of a sign-in, at the desk and in the account link: who it is is proved, and a code sent.

What differs is what the code is for and what the step is bound to; the pages say that themselves.
"""

from __future__ import annotations

from collections.abc import Callable

from core.accounts.identity.providers import Evidence
from core.accounts.passwords import Refused
from core.context import Context
from core.otp.service import CodeRefused, CodeSent
from core.secrets import new_token
from handlers.pages import steps, texts
from handlers.pages.steps import Step

Send = Callable[[int, str], CodeSent | CodeRefused]
"""Sends a code to an account, by its id, for an asker."""


def missing(account: str, password: str) -> dict[str, str]:
    """Return what was left empty of account and password, by the form's fields."""
    found = {} if account.strip() else {"account": texts.ACCOUNT_MISSING}
    return found if password else found | {"password": texts.PASSWORD_MISSING}


def begun(ctx: Context, flow: str, evidence: Evidence, send: Send, token: str = "") -> Step | str:
    """Return the step to come, or why there is none. Returned, not raised: the wrong try is kept.

    ``token`` is the hash of the link token the flow belongs to, where it belongs to one.
    """
    signed_in = evidence.identify(ctx)
    if isinstance(signed_in, Refused):
        return signed_in.text
    about = str(signed_in.account_id)
    before = steps.current(flow, ctx.now)
    before = before if before and before.about == about else None
    asker = before.asker if before else new_token()
    sent = send(signed_in.account_id, asker)
    until = (ctx.now + steps.LIVES).isoformat()
    if isinstance(sent, CodeSent):
        return Step(about, sent.challenge, asker, ctx.now.isoformat(), until, token)
    if before is None:
        return sent.text
    # gone back and signed in again: the code on its way is still good
    return Step(about, before.challenge, asker, before.sent_at, until, token)
