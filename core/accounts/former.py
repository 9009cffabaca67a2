"""Whether somebody who seems unbound was bound to an account that may no longer be used: they are told so."""

from __future__ import annotations

from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from core.accounts import queries, rules
from core.accounts.models import Account, Binding, BindingEnd

CLOSED = frozenset({rules.Standing.DISABLED, rules.Standing.ENDED})


def has_ended(session: Session, person: str, today: date) -> bool:
    """Return whether a LINE user's latest binding is to an account that is disabled or over today (A26).

    A binding they ended themselves, or that gave way to another phone, is forgotten: nothing is told of it.
    """
    row = session.execute(
        select(Binding.ending, Account)
        .join(Account, Account.id == Binding.account_id)
        .where(Binding.person == person)
        .order_by(Binding.id.desc())
        .limit(1)
    ).one_or_none()
    if row is None or row.ending not in (None, BindingEnd.ACCOUNT_ENDED):
        return False
    return queries.standing_of(row.Account, today) in CLOSED
