"""The audit of one account: what was done to it and by whom, and what it did; for administrators, and audited itself.

A row names fields, never values. What was acted on is named in full where it is an account, a request, a registration
or a unit; of all else only the kind is shown: the numbers of cases and checks are not the administrators'.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, or_, select

from core.access import Action, require
from core.accounts.models import Account
from core.accounts.requests.models import AccountRequest
from core.audit import AuditRow, Door
from core.context import Context
from core.errors import NotFound
from core.paging import Page, clamped
from core.secrets import folded

IN_FULL = frozenset({"account", "request", "registration", "unit"})
REQUESTS_AT_MOST = 200


@dataclass(frozen=True)
class TrailRow:
    """One act or showing."""

    number: int
    """Its place in the chain."""
    at: datetime
    door: Door
    actor: str
    act: str
    subject: str
    fields: str
    is_its_own: bool
    """The account did it; else it was done to the account."""


def trail_of(ctx: Context, code: str, start: int, limit: int) -> Page[TrailRow]:
    """Return what an account did and what was done to it, newest first; raises ``NotAllowed`` or ``NotFound``."""
    require(ctx.actor, Action.SEE_AUDIT)
    account = ctx.session.execute(select(Account.id, Account.code).where(Account.code == folded(code))).one_or_none()
    if account is None:
        raise NotFound
    requests = ctx.session.scalars(
        select(AccountRequest.id).where(AccountRequest.account_id == account.id).limit(REQUESTS_AT_MOST)
    )
    subjects = [f"account:{account.id}", *(f"request:{each}" for each in requests)]
    which = or_(AuditRow.actor == account.code, AuditRow.subject.in_(subjects))
    total = ctx.session.scalar(select(func.count()).select_from(AuditRow).where(which)) or 0
    rows = ctx.session.scalars(
        select(AuditRow).where(which).order_by(AuditRow.id.desc()).offset(start).limit(clamped(limit))
    )
    page = Page(total, tuple(_row(row, account.code) for row in rows), start)
    ctx.note("show_audit", f"account:{account.id}", ("audit",))
    return page


def _row(row: AuditRow, code: str) -> TrailRow:
    kind, _, which = row.subject.partition(":")
    subject = row.subject if kind in IN_FULL else kind if which else ""
    return TrailRow(row.id, row.at, row.door, row.actor, row.act, subject, row.fields, row.actor == code)
