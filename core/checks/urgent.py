"""A sign of danger is never queued: the Center is told at any hour, whatever becomes of the form (CHK-11).

That the person who saw it is told to call 110 or 113 is the answer's part: ``notices.call_now`` and the chat's own.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select

from core.accounts.models import Account, Role, Unit
from core.accounts.queries import TOLD_AT_MOST, is_active
from core.cards import Answer
from core.checks import notices
from core.checks.kinds import UrgentSign
from core.checks.models import Check
from core.context import Context
from core.notices.models import Notice, NoticeKind, Urgency
from core.notices.service import ToAccount, say

ONCE_IN = timedelta(minutes=10)  # the same person again within this time is the same danger
EPOCH = datetime.fromisoformat("1970-01-01T00:00:00+00:00")


@dataclass(frozen=True)
class CenterTold:
    """How many accounts of the Center know of it, now or from before; 0: the Center has none that can be told."""

    accounts: int


def report_urgent(ctx: Context, where: str) -> CenterTold:
    """Tell the Center that the actor spoke of danger; ``where`` names the place (LINE), without what was said.

    Once a person in ten minutes, to each account of the Center.
    """
    answer = notices.urgent_words(_who(ctx), where, ctx.now)
    told = _center(ctx)
    news = [account for account in told if _tell_once_a_while(ctx, account, answer)]
    if news:
        ctx.note("report_urgent", f"person:{ctx.actor.name}")
    return CenterTold(len(told))


def report_urgent_check(ctx: Context, check: Check, signs: Collection[UrgentSign]) -> CenterTold:
    """Tell the Center of the signs of danger in a check, once for each set of signs."""
    check.is_urgent = True
    ordered = sorted(signs)
    unit = ctx.session.get_one(Unit, check.unit_id)
    answer = notices.urgent_check(check.number, unit.name, ordered, check.happened_at)
    key = f"urgent:check:{check.id}:{'+'.join(ordered)}"
    told = _center(ctx)
    news = [account for account in told if _tell(ctx, account, answer, f"{key}:{account}")]
    if news:
        ctx.note("report_urgent", f"check:{check.number}", ("urgent",))
    return CenterTold(len(told))


def _center(ctx: Context) -> Sequence[int]:
    is_center = (Account.role == Role.CENTER, is_active(ctx.today))
    return ctx.session.scalars(select(Account.id).where(*is_center).order_by(Account.id).limit(TOLD_AT_MOST)).all()


def _who(ctx: Context) -> notices.Reporter:
    unit = ctx.session.get(Unit, ctx.actor.unit_id) if ctx.actor.unit_id else None
    return notices.Reporter(ctx.actor.name if unit else "", unit.name if unit else "")


def _tell_once_a_while(ctx: Context, account: int, answer: Answer) -> bool:
    """Tell unless it was told within the last minutes: spans of that length are numbered, two of them are looked at."""
    span = (ctx.now - EPOCH) // ONCE_IN
    key = f"urgent:said:{ctx.actor.name}:{{}}:{account}"
    before = ctx.session.scalar(select(Notice.created_at).where(Notice.dedupe_key == key.format(span - 1)))
    if before is not None and ctx.now - before < ONCE_IN:
        return False
    return _tell(ctx, account, answer, key.format(span))


def _tell(ctx: Context, account: int, answer: Answer, key: str) -> bool:
    to, kind = ToAccount(account), NoticeKind.URGENT
    return say(ctx, to=to, answer=answer, kind=kind, key=key, urgency=Urgency.ALWAYS) is not None
