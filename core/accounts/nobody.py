"""An account that nobody has: what is asked for is done for it and taken back, so that time tells nothing (A24)."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from core.accounts.models import Account, CodeChannel, Role, Unit, UnitKind
from core.accounts.queries import KnownAccount
from core.accounts.rules import Standing
from core.context import Context
from core.secrets import new_token

ADDRESS = "nobody@example.invalid"


@contextmanager
def nobody(ctx: Context) -> Iterator[KnownAccount]:
    """Give an account that is there only inside; all that is done there is taken back, the audit's notes too."""
    with ctx.attempt(keep=False):
        account = _added(ctx)
        yield KnownAccount(account.id, account.code, account.email, Standing.ACTIVE, has_password=False)
        ctx.session.flush()


def _added(ctx: Context) -> Account:
    token = new_token()
    nothing = ctx.vault.seal("")
    account = Account(
        code=f"-{token[:5]}",  # no code of an account looks like this (ACC-1)
        unit=Unit(code=token[:40], name="", kind=UnitKind.OTHER, path=""),
        role=Role.CASEWORKER,
        name=nothing,
        name_key=token,
        national_id=nothing,
        national_id_key=token,
        email=ctx.vault.seal(ADDRESS),
        email_key=token,
        starts_on=ctx.today,
        ends_on=ctx.today,
        wrong_passwords=0,
        code_channel=CodeChannel.MAIL,
    )
    ctx.session.add(account)
    ctx.session.flush()
    return account
