"""Days that were decided to be otherwise than the published calendar: a typhoon day, a moved holiday.

One row a day says what holds now, who decided it and when; the audit keeps what held before. The counting itself is
``core/calendar.py``, which knows no database.
"""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Mapped, Session, mapped_column

from core.calendar import Amendment, WorkCalendar
from core.database import Base


class CalendarAmendment(Base):
    """A day that is worked, or not worked, against the published calendar."""

    __tablename__ = "calendar_amendments"

    day: Mapped[date] = mapped_column(primary_key=True)
    is_working: Mapped[bool]
    reason: Mapped[str]
    """Chinese, shown to people: 「颱風停止上班」."""
    decided_by: Mapped[str]
    """The account that entered it."""
    decided_at: Mapped[datetime]


def load(session: Session) -> WorkCalendar:
    """Return the calendar as it holds now.

    All rows, without a limit: they are a few a year, and a calendar that lacks one counts wrongly.
    """
    row = CalendarAmendment
    found = session.execute(select(row.day, row.is_working, row.reason))
    return WorkCalendar({day: Amendment(day, is_working, reason) for day, is_working, reason in found})
