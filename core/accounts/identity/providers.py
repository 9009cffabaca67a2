"""The ways of proving which account is one's own: the local password, and the city's sign-on. The code follows either.

A door takes ``Evidence`` and does not ask which kind it is.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from sqlalchemy import select

from core.accounts import rules
from core.accounts.identity.askers import Asker
from core.accounts.models import Account
from core.accounts.notices import Refusal, refusal_text
from core.accounts.passwords import Refused, SignedIn, admitted, check_password
from core.context import Context
from core.secrets import folded


class Evidence(Protocol):
    """What somebody brings to prove which account is theirs."""

    def identify(self, ctx: Context) -> SignedIn | Refused:
        """Return whose account it is, or why nobody is let in; returned, not raised, so that a try is kept."""
        ...


@dataclass(frozen=True)
class PasswordTyped:
    """Account and password, typed here (ACC-2)."""

    account_code: str
    password: str
    asker: Asker

    def identify(self, ctx: Context) -> SignedIn | Refused:
        """Compare the password."""
        return check_password(ctx, self.account_code, self.password, self.asker)


@dataclass(frozen=True)
class SignOnProved:
    """The account the city's sign-on named, its answer already checked; no lock of passwords concerns it."""

    account_code: str

    def identify(self, ctx: Context) -> SignedIn | Refused:
        """Find the account; who proved to be somebody may be told that there is none."""
        code = folded(self.account_code)
        account = ctx.session.scalar(select(Account).where(Account.code == code))
        if not rules.is_account_code(code) or account is None:
            ctx.note("sign_in.city_unknown", "account:unknown")
            return Refused(refusal_text(Refusal.NO_ACCOUNT))
        ctx.note("sign_in.city_right", f"account:{account.id}")
        return admitted(ctx, account)
