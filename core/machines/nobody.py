"""The work of a code for somebody there is not: done like the real one and taken back: time tells nothing (A24).

What decides is counted in ``codes``; nothing of what is done here stays.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import select

from core.accounts.models import Account, CodeChannel, Role, Unit
from core.accounts.queries import known_account, reach_of
from core.audit import PENDING
from core.context import Context
from core.otp.models import Purpose
from core.otp.queries import live_codes
from core.otp.sending import locked_account, send_code
from core.otp.service import code_of
from core.secrets import new_token

ASKER = "nobody"
NOBODY = "nobody@example.invalid"
NO_ACCOUNT = 0
"""An id that no account has."""


def send_to_nobody(ctx: Context, purpose: Purpose) -> None:
    """Do what sending a code takes."""
    with _somebody(ctx) as account_id:
        if account_id is not None:
            send_code(ctx, account_id, purpose, ASKER)


def check_for_nobody(ctx: Context, challenge: str) -> None:
    """Do what checking a code takes beyond what ``codes`` counts by itself: nothing is written."""
    locked_account(ctx, NO_ACCOUNT)
    live_codes(ctx, NO_ACCOUNT)
    reach_of(ctx.session, NO_ACCOUNT)
    known_account(ctx.session, "", ctx.today)
    code_of(ctx.vault, challenge)


@contextmanager
def _somebody(ctx: Context) -> Iterator[int | None]:
    """Give an account that is there only inside, or None where there is no unit; all that is done is taken back."""
    noted = len(ctx.session.info.get(PENDING, ()))
    ctx.session.flush()
    savepoint = ctx.session.begin_nested()
    try:
        unit_id = ctx.session.scalar(select(Unit.id).limit(1))
        yield None if unit_id is None else _added(ctx, unit_id)
    finally:
        savepoint.rollback()
        del ctx.session.info.get(PENDING, [])[noted:]


def _added(ctx: Context, unit_id: int) -> int:
    token = new_token()
    nothing, email = ctx.vault.seal(""), ctx.vault.seal(NOBODY)
    account = Account(
        code=f"-{token[:5]}",
        unit_id=unit_id,
        role=Role.CASEWORKER,
        name=nothing,
        name_key=token,
        national_id=nothing,
        national_id_key=token,
        email=email,
        email_key=token,
        starts_on=ctx.today,
        ends_on=ctx.today,
        code_channel=CodeChannel.MAIL,
    )
    ctx.session.add(account)
    ctx.session.flush()
    return account.id
