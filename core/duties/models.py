"""The table of duties, and of what is gathered for the next digest."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from core.database import Base, EnumText
from core.duties.plans import DutyKind
from core.labels import Labelled


class Ending(Labelled):
    """How a duty ended (DUTY-1)."""

    MET = "met", "已完成"
    VOID = "void", "不再需要"


class SubjectKind(Labelled):
    """What a duty is about."""

    CHECK = "check", "檢核單"
    DISPATCH = "dispatch", "派案"
    WINDOW = "window", "工作紀錄期間"
    OPENED = "opened", "開案服務"
    ACCOUNT = "account", "帳號"


OPEN = text("ended_at IS NULL")


class Duty(Base):
    """Something one unit or account owes by a time. Open while ``ended_at`` is None; late is open and past due."""

    __tablename__ = "duties"
    __table_args__ = (
        Index("uq_duties_open_subject", "subject_kind", "subject_id", "kind", unique=True,
              sqlite_where=OPEN, postgresql_where=OPEN),
        Index("ix_duties_open_unit_due", "unit_id", "kind", "due_at", sqlite_where=OPEN, postgresql_where=OPEN),
        Index("ix_duties_open_account_due", "account_id", "due_at", sqlite_where=OPEN, postgresql_where=OPEN),
        Index("ix_duties_open_remind", "remind_at", sqlite_where=OPEN, postgresql_where=OPEN),
        Index("ix_duties_open_reminded", "reminded_at", sqlite_where=OPEN, postgresql_where=OPEN),
    )  # fmt: skip

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[DutyKind] = mapped_column(EnumText(DutyKind))
    subject_kind: Mapped[SubjectKind] = mapped_column(EnumText(SubjectKind))
    subject_id: Mapped[int]
    unit_id: Mapped[int | None] = mapped_column(ForeignKey("units.id"))
    """Who owes it: a unit, or one account."""
    account_id: Mapped[int | None] = mapped_column(ForeignKey("accounts.id"))
    """The account that owes it, or the person of the unit who is named for it (DUTY-4)."""
    counted_from: Mapped[datetime]
    """The moment of the event the deadline is counted from: for a date, its first instant in Taipei."""
    arose_at: Mapped[datetime]
    """When the core learned of it."""
    due_at: Mapped[datetime]
    """The last moment in time; one tick later it is late."""
    remind_at: Mapped[datetime | None]
    """When its next reminder stage comes; None: none is left."""
    reminded_at: Mapped[datetime | None]
    """The moment of the latest stage told."""
    ended_at: Mapped[datetime | None]
    ending: Mapped[Ending | None] = mapped_column(EnumText(Ending))


class DigestItem(Base):
    """A reminder waiting for a person's next digest; gone once it is said."""

    __tablename__ = "digest_items"
    __table_args__ = (UniqueConstraint("account_id", "duty_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("accounts.id"), index=True)
    duty_id: Mapped[int] = mapped_column(ForeignKey("duties.id"), index=True)
    stage: Mapped[str] = mapped_column(String(20))
    on_day: Mapped[date]
    """The first day on which it is to be told."""
