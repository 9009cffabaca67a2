"""What is asked about the month's quota: the newest reading, and how the month would end."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from core.clock import start_of_day, taipei_date
from core.context import Context
from core.quota.models import QuotaReading
from core.quota.rules import Forecast, Reading, forecast, routine_goes_by_mail, worked_days


@dataclass(frozen=True)
class QuotaView:
    """How the month stands and would end, and whether what is routine goes by mail."""

    reading: Reading
    forecast: Forecast
    is_spared: bool


def newest(session: Session, now: datetime) -> Reading | None:
    """Return the newest reading of this month in Taipei, or None: another month's says nothing of this one."""
    month = start_of_day(taipei_date(now).replace(day=1))
    row = session.scalar(
        select(QuotaReading).where(QuotaReading.read_at >= month).order_by(QuotaReading.hour.desc()).limit(1)
    )
    return None if row is None else Reading(row.read_at, row.allowed, row.used, row.told, row.planned)


def is_spared(ctx: Context) -> bool:
    """Return whether what is routine goes by mail at this moment."""
    return routine_goes_by_mail(newest(ctx.session, ctx.now), ctx.policy)


def quota_view(ctx: Context) -> QuotaView | None:
    """Return how the month stands, or None while nothing was read this month."""
    reading = newest(ctx.session, ctx.now)
    if reading is None:
        return None
    days = worked_days(ctx.today, ctx.calendar)
    return QuotaView(reading, forecast(reading, days), routine_goes_by_mail(reading, ctx.policy))
