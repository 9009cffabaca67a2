"""What is asked about the month's quota: the newest reading, and how the month would end."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from core.clock import start_of_day, taipei_date
from core.context import Context
from core.notices.doorways import LINE
from core.notices.models import Doorway
from core.quota.models import QuotaReading
from core.quota.rules import Forecast, Reading, forecast, is_spent, routine_goes_by_mail, worked_days


@dataclass(frozen=True)
class QuotaView:
    """How the month stands and would end, and whether what is routine goes by mail."""

    reading: Reading
    forecast: Forecast
    is_spared: bool


def newest(session: Session, now: datetime) -> Reading | None:
    """Return the newest reading of this month in Taipei, or None: another month's says nothing of this one."""
    row = session.scalar(
        select(QuotaReading).where(QuotaReading.read_at >= _month(now)).order_by(QuotaReading.hour.desc()).limit(1)
    )
    return None if row is None else Reading(row.read_at, row.allowed, row.used, row.told, row.planned)


def spent_at(ctx: Context) -> datetime | None:
    """Return when LINE last said that the month is spent, unless the quota was read since; a new month is another's."""
    said = ctx.session.scalar(select(Doorway.spent_at).where(Doorway.name == LINE, Doorway.spent_at >= _month(ctx.now)))
    return said if is_spent(said, newest(ctx.session, ctx.now)) else None


def is_spared(ctx: Context) -> bool:
    """Return whether what is routine goes by mail at this moment."""
    return spent_at(ctx) is not None or routine_goes_by_mail(newest(ctx.session, ctx.now), ctx.policy)


def quota_view(ctx: Context) -> QuotaView | None:
    """Return how the month stands, or None while nothing was read this month."""
    reading = newest(ctx.session, ctx.now)
    if reading is None:
        return None
    days = worked_days(ctx.today, ctx.calendar)
    return QuotaView(reading, forecast(reading, days), is_spared(ctx))


def _month(now: datetime) -> datetime:
    return start_of_day(taipei_date(now).replace(day=1))
