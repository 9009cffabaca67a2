"""The table of readings: what LINE said of the month's paid messages, hour by hour."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Mapped, mapped_column

from core.database import Base


class QuotaReading(Base):
    """One look at the channel's account: at most one an hour, whoever looks."""

    __tablename__ = "quota_readings"

    id: Mapped[int] = mapped_column(primary_key=True)
    hour: Mapped[datetime] = mapped_column(unique=True)
    """The hour it stands for, by its first instant."""
    read_at: Mapped[datetime]
    allowed: Mapped[int | None]
    """Paid messages a month; None: there is no limit."""
    used: Mapped[int]
    planned: Mapped[int]
    """Pushes that the reminder plans would still take until the month's end, as things stood."""
    told: Mapped[int]
    """Pushes of this month that came of the reminder plans."""
