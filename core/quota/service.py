"""Keeping what LINE says of the month: one reading an hour, whoever asks first."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import func, select

from core.clock import start_of_day
from core.context import Context
from core.database import insert_once
from core.duties.outlook import outlook
from core.duties.priced import priced
from core.notices.models import Notice, NoticeKind, NoticeState, Via
from core.quota.door import Consumption
from core.quota.models import QuotaReading
from core.quota.rules import month_end

PAID = (Via.PUSH, Via.MULTICAST)
OF_THE_PLANS = (NoticeKind.DIGEST, NoticeKind.REMINDER)


def needs_reading(ctx: Context) -> bool:
    """Return whether this hour has no reading yet."""
    return ctx.session.scalar(select(QuotaReading.id).where(QuotaReading.hour == _hour(ctx.now))) is None


def keep_reading(ctx: Context, seen: Consumption) -> bool:
    """Store how the month stands, with what the plans will still take; return False when the hour had a reading."""
    values: dict[str, object] = {
        "hour": _hour(ctx.now),
        "read_at": ctx.now,
        "allowed": seen.allowed,
        "used": seen.used,
        "planned": _planned(ctx),
        "told": _told(ctx),
    }
    return insert_once(ctx.session, QuotaReading, values, key="hour") is not None


def _hour(now: datetime) -> datetime:
    return now.replace(minute=0, second=0, microsecond=0)


def _planned(ctx: Context) -> int:
    """Return how many pushes the plans would take until the month's end, were nothing spared."""
    found = priced(ctx, outlook(ctx, month_end(ctx.today)), is_spared=False)
    return sum(each.via is Via.PUSH for each in found)


def _told(ctx: Context) -> int:
    """Return how many pushes of this month came of the plans."""
    month = start_of_day(ctx.today.replace(day=1))
    request = func.coalesce(Notice.carried_by, Notice.id)  # several to one person in one request are paid once
    paid = select(request, Notice.account_id).where(
        Notice.kind.in_(OF_THE_PLANS),
        Notice.via.in_(PAID),
        Notice.state == NoticeState.ACCEPTED,
        Notice.settled_at >= month,
    )
    return ctx.session.scalar(select(func.count()).select_from(paid.distinct().subquery())) or 0
