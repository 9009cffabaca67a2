"""The certificate the main site's login is bound to (ACC-11): when it ends, and the reminders before that.

The login itself is the main site's; here stands only what its list says.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from core.accounts import queries, rules
from core.accounts.models import Account
from core.clock import end_of_day, start_of_day
from core.context import Context
from core.duties.models import Ending, SubjectKind
from core.duties.plans import DutyKind
from core.duties.service import NewDuty, end_duty, open_duty

_OVER = (rules.Standing.DISABLED, rules.Standing.ENDED)


@dataclass(frozen=True)
class Certificate:
    """What is said of an account's certificate: its last day, or None where the account is bound to none."""

    ends_on: date | None


def keep_certificate_duty(ctx: Context, account: Account) -> None:
    """Open or move the duty of a certificate's end; it is void without one, or with the account closed (ACC-11)."""
    ends_on = account.certificate_ends_on
    if ends_on is None or queries.standing_of(account, ctx.today) in _OVER:
        end_duty(ctx, DutyKind.CERTIFICATE_END, SubjectKind.ACCOUNT, account.id, Ending.VOID)
        return
    open_duty(
        ctx,
        NewDuty(
            kind=DutyKind.CERTIFICATE_END,
            subject_kind=SubjectKind.ACCOUNT,
            subject_id=account.id,
            unit_id=None,
            account_id=account.id,
            counted_from=start_of_day(ends_on),
            due_at=end_of_day(ends_on),
        ),
    )
