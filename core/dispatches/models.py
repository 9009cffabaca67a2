"""The tables of cases and their dispatches (S0 part 5)."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint, false, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from core.accounts.models import Unit
from core.births import READABLE, Born
from core.database import Base, EnumText
from core.labels import Labelled
from core.secrets import Sealed
from core.tallies import TallyRow


class DispatchState(Labelled):
    """Where a dispatch stands."""

    WAITING = "waiting", "待回覆"
    SUBMITTED = "submitted", "待審核"
    ANSWERED = "answered", "已回覆"
    RETURNED = "returned", "退件"
    CLOSED = "closed", "已結案"


class Opening(Labelled):
    """What the reply decided (REPLY-5, REPLY-6)."""

    IN_PROGRESS = "in_progress", "處理中個案"
    NEW = "new", "新接案"
    REOPENED = "reopened", "重新開案"
    NOT_OPEN = "not_open", "不開案"


class DispatchBucket(Labelled):
    """What a unit counts (REPLY-2); closed ones are counted apart, so that the buckets hold every dispatch once.

    To be reviewed is a supervisor's bucket: for everybody else such a dispatch is answered.
    """

    WAITING = "waiting", "待回覆"
    LATE = "late", "已逾期"
    RETURNED = "returned", "被退件"
    RETURNED_LATE = "returned_late", "逾期退件"
    TO_REVIEW = "to_review", "待審核"
    ANSWERED = "answered", "已回覆"
    CLOSED = "closed", "已結案"


class CaseLight(Labelled):
    """The light of a case, over all its units (REC-7)."""

    R = "R", "尚有單位未回覆"
    Y = "Y", "均已回覆，有單位開案服務中"
    G = "G", "均已回覆，已無單位開案"


class FormState(Labelled):
    """Where an assessment or a reply stands."""

    DRAFT = "draft", "存檔"
    SUBMITTED = "submitted", "送出"
    APPROVED = "approved", "核可"
    RETURNED = "returned", "退件"


class Family(Base):
    """A family: one service history over all reports of its children (S0), named after the first one reported."""

    __tablename__ = "families"

    id: Mapped[int] = mapped_column(primary_key=True)
    index_child: Mapped[Sealed]
    """The name of the child of the first report."""
    named_after: Mapped[str] = mapped_column(String(40), unique=True)
    """The number of that report; a case points to its family, so its id here would close a circle."""


class Member(Born, Base):
    """A person of a family, found by name or national ID."""

    __tablename__ = "family_members"
    __table_args__ = (Index("ix_family_members_readable", "id", sqlite_where=READABLE, postgresql_where=READABLE),)

    id: Mapped[int] = mapped_column(primary_key=True)
    family_id: Mapped[int] = mapped_column(ForeignKey("families.id"), index=True)
    name: Mapped[Sealed]
    name_key: Mapped[str] = mapped_column(String(64), index=True)
    national_id: Mapped[Sealed | None]
    national_id_key: Mapped[str | None] = mapped_column(String(64), unique=True)
    """One person is in one family: the database sees to it."""

    family: Mapped[Family] = relationship()


class Case(Base):
    """A report of a family at risk, as it came in; its text never changes (REPLY-15)."""

    __tablename__ = "cases"

    id: Mapped[int] = mapped_column(primary_key=True)
    number: Mapped[str] = mapped_column(String(40), unique=True)
    reported_by: Mapped[str] = mapped_column(String(100))
    received_on: Mapped[date]
    child_name: Mapped[Sealed]
    child_name_key: Mapped[str] = mapped_column(String(64), index=True)
    national_id: Mapped[Sealed | None]
    national_id_key: Mapped[str | None] = mapped_column(String(64), index=True)
    household: Mapped[Sealed | None]
    """The names of the household, 、-separated."""
    area: Mapped[str] = mapped_column(String(40))
    other_county: Mapped[bool] = mapped_column(default=False, server_default=false())
    """The family lives in another county (REPLY-13)."""
    family_id: Mapped[int | None] = mapped_column(ForeignKey("families.id"), index=True)
    """Set when the report is put in; None only in rows older than the table."""

    family: Mapped[Family | None] = relationship()


class Dispatch(Base):
    """An order to one unit to visit, assess and reply: known by case, unit and dispatch date (REPLY-0)."""

    __tablename__ = "dispatches"
    __table_args__ = (
        UniqueConstraint("case_id", "unit_id", "dispatched_on"),
        Index("ix_dispatches_unit_state", "unit_id", "state", "dispatched_on", "id"),
        Index("ix_dispatches_state", "state", "dispatched_on", "id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    case_id: Mapped[int] = mapped_column(ForeignKey("cases.id"), index=True)
    unit_id: Mapped[int] = mapped_column(ForeignKey("units.id"), active_history=True)
    dispatched_on: Mapped[date]
    responsible: Mapped[Sealed | None]
    """The responsible person's name as the export gives it."""
    responsible_id: Mapped[int | None] = mapped_column(ForeignKey("accounts.id"), index=True)
    """The unit's account of that name, where exactly one fits (DUTY-4)."""
    opening: Mapped[Opening | None] = mapped_column(EnumText(Opening))
    state: Mapped[DispatchState] = mapped_column(EnumText(DispatchState), active_history=True)
    """Its old value is always known, and the unit's too: the sums (``tallies``) take away what was there before."""
    needs_assessment: Mapped[bool]
    served: Mapped[Sealed | None]
    """The child to serve, where it is not the report's index child (REPLY-9)."""
    returned_at: Mapped[datetime | None]
    asks_guidance: Mapped[bool] = mapped_column(default=False, server_default=false())
    """The reply is to say whether parenting guidance was given (REPLY-10)."""
    listed_as: Mapped[DispatchState | None] = mapped_column(EnumText(DispatchState))
    """The state the main system's list gave last: said again, it changes nothing that was done here since."""
    listed_responsible_key: Mapped[str | None] = mapped_column(String(64))
    """Whom the list named last, by the name's look-up key, "" for nobody: named again, they do not displace who was
    named here since. None: no list is known to have named anybody."""

    case: Mapped[Case] = relationship(lazy="joined")
    unit: Mapped[Unit] = relationship(lazy="joined")


IN_SERVICE = text("closed_on IS NULL")
OVER = text("closed_on IS NOT NULL")
DRAFTED = text("state = 'draft'")


class Opened(Base):
    """One unit's service of a family, from opening to closing. One goes on at a time: the database sees to it."""

    __tablename__ = "opened_services"
    __table_args__ = (
        Index("uq_opened_services_open", "family_id", "unit_id", unique=True,
              sqlite_where=IN_SERVICE, postgresql_where=IN_SERVICE),
        Index("ix_opened_services_unit_open", "unit_id", "id", sqlite_where=IN_SERVICE, postgresql_where=IN_SERVICE),
        Index("ix_opened_services_over", "closed_on", "id", sqlite_where=OVER, postgresql_where=OVER),
        Index("ix_opened_services_unit_over", "unit_id", "closed_on", "id", sqlite_where=OVER, postgresql_where=OVER),
    )  # fmt: skip

    id: Mapped[int] = mapped_column(primary_key=True)
    family_id: Mapped[int] = mapped_column(ForeignKey("families.id"), index=True)
    unit_id: Mapped[int] = mapped_column(ForeignKey("units.id"), active_history=True)
    case_id: Mapped[int] = mapped_column(ForeignKey("cases.id"), index=True)
    """The report it was opened on."""
    opened_as: Mapped[Opening] = mapped_column(EnumText(Opening))
    opened_on: Mapped[date]
    responsible: Mapped[Sealed | None]
    responsible_id: Mapped[int | None] = mapped_column(ForeignKey("accounts.id"), index=True)
    served: Mapped[Sealed]
    """The name of the child it serves (REPLY-9)."""
    last_dispatched_on: Mapped[date]
    """The newest dispatch of the family to the unit: windows and the six months count from it (REC-8)."""
    known_from: Mapped[date | None]
    """It was open in the main system before it came in here on this day; None: its reply was made here (REC-1)."""
    graduates_on: Mapped[date | None]
    closed_on: Mapped[date | None] = mapped_column(active_history=True)
    """Its old value is always known: the sums (``core/closures/tallies.py``) take away what was there before."""

    family: Mapped[Family] = relationship(lazy="joined")
    unit: Mapped[Unit] = relationship(lazy="joined")


class Assessment(Base):
    """The assessment of a dispatch: a draft until it is submitted, and then as it is for good (REPLY-3)."""

    __tablename__ = "assessments"

    id: Mapped[int] = mapped_column(primary_key=True)
    dispatch_id: Mapped[int] = mapped_column(ForeignKey("dispatches.id"), unique=True)
    state: Mapped[FormState] = mapped_column(EnumText(FormState))
    form: Mapped[Sealed]
    score: Mapped[int | None]
    """REPLY-14; None while it is a draft."""
    written_by: Mapped[int] = mapped_column(ForeignKey("accounts.id"), index=True)
    saved_at: Mapped[datetime]
    submitted_at: Mapped[datetime | None]


class Reply(Base):
    """One try to answer a dispatch; a returned one stays as it was, and the next try begins with its text."""

    __tablename__ = "replies"
    __table_args__ = (
        Index("uq_replies_draft", "dispatch_id", unique=True, sqlite_where=DRAFTED, postgresql_where=DRAFTED),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    dispatch_id: Mapped[int] = mapped_column(ForeignKey("dispatches.id"), index=True)
    state: Mapped[FormState] = mapped_column(EnumText(FormState))
    form: Mapped[Sealed]
    written_by: Mapped[int] = mapped_column(ForeignKey("accounts.id"), index=True)
    saved_at: Mapped[datetime]
    submitted_at: Mapped[datetime | None]
    decided_by: Mapped[int | None] = mapped_column(ForeignKey("accounts.id"))
    decided_at: Mapped[datetime | None]
    reason: Mapped[Sealed | None]
    """Why it was returned."""


class HandOver(Base):
    """A dispatch that turned out to be another unit's, and went there the same day (REPLY-16)."""

    __tablename__ = "hand_overs"

    id: Mapped[int] = mapped_column(primary_key=True)
    dispatch_id: Mapped[int] = mapped_column(ForeignKey("dispatches.id"), index=True)
    from_unit_id: Mapped[int] = mapped_column(ForeignKey("units.id"))
    to_unit_id: Mapped[int] = mapped_column(ForeignKey("units.id"))
    account_id: Mapped[int | None] = mapped_column(ForeignKey("accounts.id"))
    """Who handed it over; None: the system."""
    at: Mapped[datetime]
    reason: Mapped[Sealed]


class Tally(TallyRow):
    """How many dispatches of a unit stand in a state (``tallies``)."""

    __tablename__ = "dispatch_tallies"
    __table_args__ = (Index("ix_dispatch_tallies_unit_state", "unit_id", "state", "change"),)

    state: Mapped[DispatchState] = mapped_column(EnumText(DispatchState))
