"""The outlook with its price: by which way each notice would go, and the codes of whom it would go to; no names."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import and_, select

from core.accounts.models import Account, Binding, Unit
from core.context import Context
from core.duties.outlook import Expected
from core.notices.models import NoticeKind, Via


@dataclass(frozen=True)
class Priced:
    """One notice that would be said; a push is paid for, a mail is not."""

    at: datetime
    account: str
    unit: str
    kind: NoticeKind
    duties: int
    via: Via


@dataclass(frozen=True)
class _Whom:
    account: str
    unit: str
    by_line: bool


def priced(ctx: Context, expected: Sequence[Expected], *, is_spared: bool) -> tuple[Priced, ...]:
    """Return the same notices with their way, as people are reached now; ``is_spared``: routine ones go by mail."""
    people = _people(ctx) if expected else {}
    return tuple(
        Priced(each.at, whom.account, whom.unit, each.kind, each.duties, _via(each, whom, is_spared=is_spared))
        for each in expected
        if (whom := people.get(each.account_id)) is not None
    )


def _people(ctx: Context) -> dict[int, _Whom]:
    bound = and_(Binding.account_id == Account.id, Binding.ended_at.is_(None), Binding.blocked_at.is_(None))
    rows = ctx.session.execute(
        select(Account.id, Account.code, Unit.code.label("unit"), Binding.id.label("binding"))
        .join(Unit, Unit.id == Account.unit_id)
        .outerjoin(Binding, bound)
    )
    return {row.id: _Whom(row.code, row.unit, row.binding is not None) for row in rows}


def _via(expected: Expected, whom: _Whom, *, is_spared: bool) -> Via:
    if not whom.by_line or (is_spared and expected.is_routine):
        return Via.MAIL
    return Via.PUSH
