"""The work of a code for somebody there is not: done like the real one and taken back: time tells nothing (A24).

What decides is counted in ``codes``; nothing of what is done here stays.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from core.accounts.models import Account, CodeChannel, Role, Unit, UnitKind
from core.audit import PENDING
from core.context import Context
from core.otp.models import Purpose
from core.otp.sending import CodeRefused, CodeSent, send_code, why_no_code, withhold_code
from core.secrets import new_token

ASKER = "nobody"
NOBODY = "nobody@example.invalid"


def ask_for_nobody(ctx: Context, purpose: Purpose, *, done: CodeSent | CodeRefused | None) -> None:
    """Do what was not done for an account, so that all asks come to the same: a refusal, a code, and one withheld."""
    with _somebody(ctx) as account_id:
        if not isinstance(done, CodeRefused):
            why_no_code(ctx, account_id, purpose, ASKER)
            withhold_code(ctx, account_id, purpose, ASKER)
        if not isinstance(done, CodeSent):
            send_code(ctx, account_id, purpose, ASKER)


@contextmanager
def code_of_nobody(ctx: Context, purpose: Purpose) -> Iterator[str]:
    """Give a challenge that is there only inside; all that is done there is taken back."""
    with _somebody(ctx) as account_id:
        yield withhold_code(ctx, account_id, purpose, ASKER)


@contextmanager
def _somebody(ctx: Context) -> Iterator[int]:
    """Give an account that is there only inside; all that is done there is taken back, the audit's notes too."""
    ctx.session.flush()
    noted = len(ctx.session.info.get(PENDING, ()))
    savepoint = ctx.session.begin_nested()
    try:
        yield _added(ctx)
        ctx.session.flush()
    finally:
        savepoint.rollback()
        del ctx.session.info.get(PENDING, [])[noted:]


def _added(ctx: Context) -> int:
    token = new_token()
    nothing, email = ctx.vault.seal(""), ctx.vault.seal(NOBODY)
    account = Account(
        code=f"-{token[:5]}",
        unit=Unit(code=token[:40], name="", kind=UnitKind.OTHER, path=""),
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
