"""The certificate the main site's login is bound to (ACC-11): when it ends, and the reminders before that.

The login itself is the main site's; here stands only what its list says.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from core.accounts.ends import keep_end
from core.accounts.models import Account
from core.context import Context
from core.duties.plans import DutyKind


@dataclass(frozen=True)
class Certificate:
    """What is said of an account's certificate: its last day, or None where the account is bound to none."""

    ends_on: date | None


def keep_certificate_duty(ctx: Context, account: Account) -> None:
    """Open or move the duty of a certificate's end; it is void without one, or with the account closed (ACC-11)."""
    keep_end(ctx, account, DutyKind.CERTIFICATE_END, account.certificate_ends_on)
