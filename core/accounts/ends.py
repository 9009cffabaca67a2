"""The duties of an account's last days: its own, and that of its certificate (ACC-6, ACC-11)."""

from __future__ import annotations

from datetime import date

from core.accounts import queries, rules
from core.accounts.models import Account
from core.clock import end_of_day, start_of_day
from core.context import Context
from core.duties.models import Ending, SubjectKind
from core.duties.plans import DutyKind
from core.duties.service import NewDuty, end_duty, open_duty

_OVER = (rules.Standing.DISABLED, rules.Standing.ENDED)


def keep_end(ctx: Context, account: Account, kind: DutyKind, ends_on: date | None) -> None:
    """Open or move the duty of a last day; it is void without one, or with the account closed or over."""
    if ends_on is None or queries.standing_of(account, ctx.today) in _OVER:
        end_duty(ctx, kind, SubjectKind.ACCOUNT, account.id, Ending.VOID)
        return
    open_duty(
        ctx,
        NewDuty(
            kind=kind,
            subject_kind=SubjectKind.ACCOUNT,
            subject_id=account.id,
            unit_id=None,
            account_id=account.id,
            counted_from=start_of_day(ends_on),
            due_at=end_of_day(ends_on),
        ),
    )
