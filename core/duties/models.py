"""The tables of duties: what is owed, what is gathered to be told of it, and what was not told, with its reason."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from core.database import Base, EnumText
from core.duties.plans import DutyKind
from core.labels import Labelled
from core.secrets import Sealed


class Ending(Labelled):
    """How a duty ended (DUTY-1)."""

    MET = "met", "已完成"
    VOID = "void", "不再需要"


class WhyNot(Labelled):
    """Why a stage of a duty was not told."""

    MET = "met", "已經完成"
    VOID = "void", "不再需要"
    NOBODY = "nobody", "沒有可以通知的人"
    MERGED = "merged", "併入較新的提醒"
    PAST = "past", "收到時這個時點已經過了"
    UNSENT = "unsent", "通知沒有送出"
    """It was said, and its notice was dropped, refused or given up on the way."""


class SubjectKind(Labelled):
    """What a duty is about."""

    CHECK = "check", "檢核單"
    DISPATCH = "dispatch", "派案"
    WINDOW = "window", "工作紀錄期間"
    OPENED = "opened", "開案服務"
    ACCOUNT = "account", "帳號"
    HELP = "help", "客服提問"


OPEN = text("ended_at IS NULL")
TO_REMIND = text("ended_at IS NULL AND remind_at IS NOT NULL")
TO_LOOK = text("ended_at IS NULL AND look_at IS NOT NULL")


class Duty(Base):
    """Something one unit or account owes by a time. Open while ``ended_at`` is None; late is open and past due."""

    __tablename__ = "duties"
    __table_args__ = (
        Index("uq_duties_open_subject", "subject_kind", "subject_id", "kind", unique=True,
              sqlite_where=OPEN, postgresql_where=OPEN),
        Index("ix_duties_open_unit_due", "unit_id", "kind", "due_at", sqlite_where=OPEN, postgresql_where=OPEN),
        Index("ix_duties_open_account_due", "account_id", "due_at", sqlite_where=OPEN, postgresql_where=OPEN),
        Index("ix_duties_to_remind", "remind_at", "id", sqlite_where=TO_REMIND, postgresql_where=TO_REMIND),
        Index("ix_duties_to_look", "look_at", "id", sqlite_where=TO_LOOK, postgresql_where=TO_LOOK),
        Index("ix_duties_due", "due_at", "unit_id"),
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
    look_at: Mapped[datetime | None]
    """When it is looked whether anybody has seen a notice of it; None: it was looked, or is not."""
    ended_at: Mapped[datetime | None]
    ending: Mapped[Ending | None] = mapped_column(EnumText(Ending))


class UrgentItem(Base):
    """A reminder that goes at once: it waits until the sweep has gathered all of its person's; gone once it is said."""

    __tablename__ = "urgent_items"
    __table_args__ = (UniqueConstraint("account_id", "duty_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("accounts.id"), index=True)
    duty_id: Mapped[int] = mapped_column(ForeignKey("duties.id"), index=True)
    stage: Mapped[str] = mapped_column(String(20))
    why: Mapped[str] = mapped_column(String(20))
    """Why this person is told: they owe it, or nobody of the unit can be told."""
    at: Mapped[datetime]
    """The moment of the stage."""
    say_at: Mapped[datetime]
    """When it was gathered, or later on a due day whose digest comes too late; put off a while where it failed."""


class UntoldStage(Base):
    """A stage of a duty that was not told, and why: kept, so that it can be answered for."""

    __tablename__ = "untold_stages"

    id: Mapped[int] = mapped_column(primary_key=True)
    duty_id: Mapped[int] = mapped_column(ForeignKey("duties.id"), index=True)
    account_id: Mapped[int | None] = mapped_column(ForeignKey("accounts.id"))
    """Whom it was not told; None: anybody."""
    stage: Mapped[str] = mapped_column(String(20))
    at: Mapped[datetime]
    """The moment of the stage."""
    why: Mapped[WhyNot] = mapped_column(EnumText(WhyNot))
    noted_at: Mapped[datetime]


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


class DigestCard(Base):
    """What another area says with a person's next digest; gone once it is said."""

    __tablename__ = "digest_cards"

    id: Mapped[int] = mapped_column(primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("accounts.id"), index=True)
    said: Mapped[Sealed]
    """The card as ``Answer.to_json()``, in Chinese: its person's language is asked when it is said."""
    unit_id: Mapped[int | None] = mapped_column(ForeignKey("units.id"))
    """The unit whose cases it is about: it is said to nobody who no longer works for that. None: of no unit."""
    on_day: Mapped[date]
    """The first day on which it is to be said."""


class SaidCard(Base):
    """A card that a notice says: kept as it was, so that it can wait again where that notice is not sent any more."""

    __tablename__ = "said_cards"

    id: Mapped[int] = mapped_column(primary_key=True)
    notice_id: Mapped[int] = mapped_column(ForeignKey("notices.id"), index=True)
    unit_id: Mapped[int | None] = mapped_column(ForeignKey("units.id"))
    said: Mapped[Sealed]
    said_at: Mapped[datetime]
    """When it was put into the notice."""
