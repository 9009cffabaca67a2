"""The duties of an account's last days: its own, and that of its certificate (ACC-6, ACC-11)."""

from __future__ import annotations

from datetime import date

from core.accounts import queries, rules
from core.accounts.models import Account
from core.clock import end_of_day, start_of_day
from core.context import Context
from core.duties.models import Ending, SubjectKind
from core.duties.plans import DutyKind
from core.duties.service import NewDuty, end_duties, open_duties

_OVER = (rules.Standing.DISABLED, rules.Standing.ENDED)


def keep_ends(ctx: Context, *accounts: Account) -> None:
    """Open or move the duties of accounts' last days and of their certificates'; many of them by few statements.

    A duty is void without a last day, or with the account closed or over.
    """
    void: dict[tuple[DutyKind, int], Ending] = {}
    owed: list[NewDuty] = []
    for account in accounts:
        is_over = queries.standing_of(account, ctx.today) in _OVER
        for kind, ends_on in _ends(account):
            if ends_on is None or is_over:
                void[kind, account.id] = Ending.VOID
            else:
                owed.append(_new(account, kind, ends_on))
    end_duties(ctx, SubjectKind.ACCOUNT, void)
    open_duties(ctx, owed)


def _ends(account: Account) -> tuple[tuple[DutyKind, date | None], ...]:
    certificate = (DutyKind.CERTIFICATE_END, account.certificate_ends_on)
    return certificate, (DutyKind.ACCOUNT_END, account.ends_on)


def _new(account: Account, kind: DutyKind, ends_on: date) -> NewDuty:
    return NewDuty(
        kind=kind,
        subject_kind=SubjectKind.ACCOUNT,
        subject_id=account.id,
        unit_id=None,
        account_id=account.id,
        counted_from=start_of_day(ends_on),
        due_at=end_of_day(ends_on),
    )
