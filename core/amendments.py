"""Days that were decided to be otherwise than the published calendar: a typhoon day, a moved holiday.

One row a day says what holds now; every decision is kept as a version beside it, so that it can be told later by which
calendar something was reckoned (A45). Deciding is ``core/calendar_changes.py``; the counting itself is
``core/calendar.py``, which knows no database.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import cast

from sqlalchemy import Table, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from core.calendar import Amendment, WorkCalendar
from core.database import Base, EnumText
from core.labels import Labelled


class DayStatus(Labelled):
    """What is decided about a day."""

    WORKING = "working", "上班"
    OFF = "off", "不上班"
    PUBLISHED = "published", "依原公布"


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


class AmendmentVersion(Base):
    """One decision about a day, and what held before it. Rows are only ever added."""

    __tablename__ = "calendar_amendment_versions"

    id: Mapped[int] = mapped_column(primary_key=True)
    day: Mapped[date] = mapped_column(index=True)
    status: Mapped[DayStatus] = mapped_column(EnumText(DayStatus))
    reason: Mapped[str]
    was: Mapped[DayStatus] = mapped_column(EnumText(DayStatus))
    """What held before."""
    was_reason: Mapped[str]
    decided_by: Mapped[str]
    decided_at: Mapped[datetime]


def load(session: Session) -> WorkCalendar:
    """Return the calendar as it holds now.

    All rows, without a limit: they are a few a year, and a calendar that lacks one counts wrongly.
    """
    return WorkCalendar({day: Amendment(day, is_working, reason) for day, is_working, reason in session.execute(_ALL)})


def held_by(session: Session) -> WorkCalendar:
    """Return the calendar of a transaction: read when it is first asked for, since most never ask, and only once."""
    known = session.info.get(_HELD)
    if not isinstance(known, WorkCalendar):
        known = session.info[_HELD] = load(session)
    return known


_HELD = "frontdoor_calendar"
_AMENDED = cast("Table", CalendarAmendment.__table__).c
_ALL = select(_AMENDED.day, _AMENDED.is_working, _AMENDED.reason)
