"""The tables of cases and their dispatches (S0 part 5)."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from core.accounts.models import Unit
from core.database import Base, EnumText
from core.labels import Labelled
from core.secrets import Sealed


class DispatchState(Labelled):
    """Where a dispatch stands."""

    WAITING = "waiting", "待回覆"
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
    """What a unit counts (REPLY-2); closed ones are counted apart, so that the buckets hold every dispatch once."""

    WAITING = "waiting", "待回覆"
    LATE = "late", "已逾期"
    RETURNED = "returned", "被退件"
    RETURNED_LATE = "returned_late", "逾期退件"
    ANSWERED = "answered", "已回覆"
    CLOSED = "closed", "已結案"


class CaseLight(Labelled):
    """The light of a case, over all its units (REC-7)."""

    R = "R", "尚有單位未回覆"
    Y = "Y", "均已回覆，有單位開案服務中"
    G = "G", "均已回覆，已無單位開案"


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


class Dispatch(Base):
    """An order to one unit to visit, assess and reply: known by case, unit and dispatch date (REPLY-0)."""

    __tablename__ = "dispatches"
    __table_args__ = (
        UniqueConstraint("case_id", "unit_id", "dispatched_on"),
        Index("ix_dispatches_unit_state", "unit_id", "state", "dispatched_on", "id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    case_id: Mapped[int] = mapped_column(ForeignKey("cases.id"), index=True)
    unit_id: Mapped[int] = mapped_column(ForeignKey("units.id"))
    dispatched_on: Mapped[date]
    responsible: Mapped[Sealed | None]
    """The responsible person's name as the export gives it."""
    responsible_id: Mapped[int | None] = mapped_column(ForeignKey("accounts.id"), index=True)
    """The unit's account of that name, where exactly one fits (DUTY-4)."""
    opening: Mapped[Opening | None] = mapped_column(EnumText(Opening))
    state: Mapped[DispatchState] = mapped_column(EnumText(DispatchState))
    needs_assessment: Mapped[bool]
    served: Mapped[Sealed | None]
    """The child to serve, where it is not the report's index child (REPLY-9)."""
    returned_at: Mapped[datetime | None]

    case: Mapped[Case] = relationship(lazy="joined")
    unit: Mapped[Unit] = relationship(lazy="joined")
