"""The tables of work records: the records, drafts of them, the windows that need one, and the audits of the 1st."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from core.accounts.models import Unit
from core.database import Base, EnumText
from core.dispatches.models import Opened
from core.records.kinds import Schooling, WindowPolicy
from core.secrets import Sealed


class ReportedProblems(Base):
    """The problem types ticked in a report: carried into each work record of its case (REC-5)."""

    __tablename__ = "reported_problems"

    case_id: Mapped[int] = mapped_column(ForeignKey("cases.id"), primary_key=True)
    problems: Mapped[Sealed]


class WorkRecord(Base):
    """What a unit did for a family on one day; ids grow in the order of typing (REC-4)."""

    __tablename__ = "work_records"
    __table_args__ = (UniqueConstraint("opened_id", "served_on", "id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    opened_id: Mapped[int] = mapped_column(ForeignKey("opened_services.id"))
    served_on: Mapped[date]
    """Counts for windows and light, not the day of typing (REC-1)."""
    schooling: Mapped[Schooling] = mapped_column(EnumText(Schooling))
    form: Mapped[Sealed]
    """The whole record, with the problems it carries."""
    written_by: Mapped[int] = mapped_column(ForeignKey("accounts.id"), index=True)
    written_at: Mapped[datetime]
    corrected_by: Mapped[int | None] = mapped_column(ForeignKey("accounts.id"))
    corrected_at: Mapped[datetime | None]


class RecordDraft(Base):
    """A work record that is not sent yet: one a service and writer."""

    __tablename__ = "work_record_drafts"
    __table_args__ = (UniqueConstraint("opened_id", "written_by"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    opened_id: Mapped[int] = mapped_column(ForeignKey("opened_services.id"))
    written_by: Mapped[int] = mapped_column(ForeignKey("accounts.id"))
    form: Mapped[Sealed]
    saved_at: Mapped[datetime]


class WindowCourse(Base):
    """When the next window of a service begins: its duty is opened then."""

    __tablename__ = "record_window_courses"

    opened_id: Mapped[int] = mapped_column(ForeignKey("opened_services.id"), primary_key=True)
    next_on: Mapped[date | None] = mapped_column(index=True)
    """None: the service is over."""


class RecordWindow(Base):
    """A span of days of one service that needs a record: what a duty is about (REC-1)."""

    __tablename__ = "record_windows"
    __table_args__ = (UniqueConstraint("opened_id", "starts_on", "first", "last"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    opened_id: Mapped[int] = mapped_column(ForeignKey("opened_services.id"))
    starts_on: Mapped[date]
    """The dispatch it is counted from."""
    policy: Mapped[WindowPolicy] = mapped_column(EnumText(WindowPolicy))
    place: Mapped[int]
    """Its index, from 0 on."""
    first: Mapped[date]
    last: Mapped[date]
    """Both ends belong to it."""


class RecordAudit(Base):
    """What the audit of a 1st found in one unit: there is one a month and unit (REC-3)."""

    __tablename__ = "record_audits"
    __table_args__ = (UniqueConstraint("day", "unit_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    day: Mapped[date]
    unit_id: Mapped[int] = mapped_column(ForeignKey("units.id"), index=True)
    missing: Mapped[int]
    """How many windows lacked a record: so many rows stand below it."""

    unit: Mapped[Unit] = relationship(lazy="joined")


class RecordAuditRow(Base):
    """A window that had ended before the audit and lacked a record."""

    __tablename__ = "record_audit_rows"
    __table_args__ = (UniqueConstraint("audit_id", "opened_id", "first"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    audit_id: Mapped[int] = mapped_column(ForeignKey("record_audits.id"))
    opened_id: Mapped[int] = mapped_column(ForeignKey("opened_services.id"), index=True)
    first: Mapped[date]
    last: Mapped[date]

    audit: Mapped[RecordAudit] = relationship(lazy="joined", innerjoin=True)
    opened: Mapped[Opened] = relationship(lazy="joined", innerjoin=True)
