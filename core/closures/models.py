"""The tables of closures: that a pupil left, the closure forms of a service, and the looks before a semester."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from core.accounts.models import Account, Unit
from core.closures.kinds import Act, ClosureBucket, ClosureState, Finding, Leave
from core.database import Base, EnumText
from core.dispatches.models import Opened
from core.secrets import Sealed
from core.tallies import TallyRow

LIVE = text("state != 'deleted'")


class Departure(Base):
    """That the pupil of a service stopped coming, and since when (CLOSE-3)."""

    __tablename__ = "departures"

    opened_id: Mapped[int] = mapped_column(ForeignKey("opened_services.id"), primary_key=True)
    how: Mapped[Leave] = mapped_column(EnumText(Leave))
    on: Mapped[date] = mapped_column("left_on")
    noted_at: Mapped[datetime]


class Closure(Base):
    """A closure form that was sent. One of a service counts at a time: the database sees to it (CLOSE-9)."""

    __tablename__ = "closures"
    __table_args__ = (
        Index("uq_closures_live", "opened_id", unique=True, sqlite_where=LIVE, postgresql_where=LIVE),
    )  # fmt: skip

    id: Mapped[int] = mapped_column(primary_key=True)
    opened_id: Mapped[int] = mapped_column(ForeignKey("opened_services.id"), index=True)
    state: Mapped[ClosureState] = mapped_column(EnumText(ClosureState))
    form: Mapped[Sealed]
    closing_on: Mapped[date]
    written_by: Mapped[int] = mapped_column(ForeignKey("accounts.id"), index=True)
    """Who sent it last: they do not review it (A32)."""
    sent_at: Mapped[datetime]

    opened: Mapped[Opened] = relationship()


class ClosureStep(Base):
    """One act on a closure form: who did it, when, why. Rows are only added."""

    __tablename__ = "closure_steps"

    id: Mapped[int] = mapped_column(primary_key=True)
    closure_id: Mapped[int] = mapped_column(ForeignKey("closures.id"), index=True)
    act: Mapped[Act] = mapped_column(EnumText(Act))
    account_id: Mapped[int] = mapped_column(ForeignKey("accounts.id"))
    at: Mapped[datetime]
    reason: Mapped[Sealed | None]
    """Why it was returned."""

    account: Mapped[Account] = relationship(lazy="joined", innerjoin=True)


class ClosureDraft(Base):
    """A closure form that is not sent: one a service and writer."""

    __tablename__ = "closure_drafts"
    __table_args__ = (UniqueConstraint("opened_id", "written_by"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    opened_id: Mapped[int] = mapped_column(ForeignKey("opened_services.id"))
    written_by: Mapped[int] = mapped_column(ForeignKey("accounts.id"))
    form: Mapped[Sealed]
    saved_at: Mapped[datetime]


class SemesterLook(Base):
    """That a unit was asked to look its cases over before a semester: once a day of the policy and unit (CLOSE-12)."""

    __tablename__ = "semester_looks"
    __table_args__ = (UniqueConstraint("day", "unit_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    day: Mapped[date]
    unit_id: Mapped[int] = mapped_column(ForeignKey("units.id"), index=True)

    unit: Mapped[Unit] = relationship(lazy="joined", innerjoin=True)


class SemesterFinding(Base):
    """What there was to put right in one service on the day of a look."""

    __tablename__ = "semester_findings"
    __table_args__ = (UniqueConstraint("look_id", "opened_id", "finding"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    look_id: Mapped[int] = mapped_column(ForeignKey("semester_looks.id"))
    opened_id: Mapped[int] = mapped_column(ForeignKey("opened_services.id"), index=True)
    finding: Mapped[Finding] = mapped_column(EnumText(Finding))

    look: Mapped[SemesterLook] = relationship(lazy="joined", innerjoin=True)
    opened: Mapped[Opened] = relationship(lazy="joined", innerjoin=True)


class ServiceTally(TallyRow):
    """How many services of a unit are over (``tallies``)."""

    __tablename__ = "service_tallies"
    __table_args__ = (Index("ix_service_tallies_unit_state", "unit_id", "state", "change"),)

    state: Mapped[ClosureBucket] = mapped_column(EnumText(ClosureBucket))
