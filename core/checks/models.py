"""The table of meal-station checks (S0 part 2)."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint, false
from sqlalchemy.orm import Mapped, mapped_column, relationship

from core.accounts.models import Unit
from core.births import READABLE, Born
from core.database import Base, EnumText
from core.labels import Labelled
from core.secrets import Sealed
from core.tallies import TallyRow


class CheckState(Labelled):
    """Where a check stands."""

    WAITING = "waiting", "待檢核"
    CHECKED = "checked", "已檢核"
    RETURNED = "returned", "退件"


class CheckBucket(Labelled):
    """What a school counts (CHK-2). Waiting and late are told apart by the duty's due moment."""

    WAITING = "waiting", "待檢核"
    LATE = "late", "逾期未檢核"
    RETURNED = "returned", "退件"
    WITH_NEED = "with_need", "已檢核（有需求）"
    WITHOUT_NEED = "without_need", "已檢核（無需求）"
    NEED_UNKNOWN = "need_unknown", "已檢核（名冊未載需求）"
    """The main system's export says that it was checked, not with what result."""


class Check(Born, Base):
    """A child got a free meal at a convenience store; the school checks why."""

    __tablename__ = "checks"
    __table_args__ = (
        Index("ix_checks_unit_state", "unit_id", "state", "id"),
        Index("ix_checks_result", "state", "has_need", "id"),
        Index("ix_checks_unit_result", "unit_id", "state", "has_need", "id"),
        Index("ix_checks_readable", "id", sqlite_where=READABLE, postgresql_where=READABLE),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    number: Mapped[str] = mapped_column(String(40), unique=True)
    unit_id: Mapped[int] = mapped_column(ForeignKey("units.id"), active_history=True)
    assigned_at: Mapped[datetime]
    chain: Mapped[str] = mapped_column(String(40))
    shop: Mapped[str] = mapped_column(String(60))
    area: Mapped[str] = mapped_column(String(40))
    happened_at: Mapped[datetime]
    child_name: Mapped[Sealed]
    child_name_key: Mapped[str] = mapped_column(String(64), index=True)
    state: Mapped[CheckState] = mapped_column(EnumText(CheckState), active_history=True)
    """Its old value is always known, the result's and the unit's too: the sums (``tallies``) take it away."""
    has_need: Mapped[bool | None] = mapped_column(active_history=True)
    """The result once it is known; None: not checked, or the export does not say."""
    returned_at: Mapped[datetime | None]
    already_high_risk: Mapped[bool]
    """The education bureau already follows the child's family."""
    listed_as: Mapped[CheckState | None] = mapped_column(EnumText(CheckState))
    """The state the main system's list gave last: said again, it changes nothing that was done here since."""
    is_urgent: Mapped[bool] = mapped_column(default=False, server_default=false())
    """A sign of danger was seen, and the Center told (CHK-11)."""

    unit: Mapped[Unit] = relationship(lazy="joined")


class CheckDraft(Base):
    """A check form that somebody has begun: each writer has their own, so that nobody overwrites another's."""

    __tablename__ = "check_drafts"
    __table_args__ = (UniqueConstraint("check_id", "writer"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    check_id: Mapped[int] = mapped_column(ForeignKey("checks.id"))
    writer: Mapped[str] = mapped_column(String(64))
    """The account's code."""
    form: Mapped[Sealed]
    """The answers as ``form.to_json()``."""
    saved_at: Mapped[datetime]


class CheckSubmission(Base):
    """A check form as it was sent; a corrected one is another row."""

    __tablename__ = "check_submissions"

    id: Mapped[int] = mapped_column(primary_key=True)
    check_id: Mapped[int] = mapped_column(ForeignKey("checks.id"), index=True)
    writer: Mapped[str] = mapped_column(String(64))
    """The account's code."""
    form: Mapped[Sealed]
    national_id_key: Mapped[str | None] = mapped_column(String(64), index=True)
    """Of an own pupil."""
    text_key: Mapped[str | None] = mapped_column(String(64))
    """Keyed hash of the explanation: tells whether the next one is the same (CHK-8)."""
    sent_at: Mapped[datetime]


class CheckReturn(Base):
    """A submitted check that a supervisor sent back (CHK-10)."""

    __tablename__ = "check_returns"

    id: Mapped[int] = mapped_column(primary_key=True)
    check_id: Mapped[int] = mapped_column(ForeignKey("checks.id"), index=True)
    reviewer: Mapped[str] = mapped_column(String(64))
    """The account's code."""
    reason: Mapped[Sealed]
    returned_at: Mapped[datetime]


class CheckTally(TallyRow):
    """How many checks of a unit were checked with a result (``tallies``)."""

    __tablename__ = "check_tallies"
    __table_args__ = (Index("ix_check_tallies_unit_state", "unit_id", "state", "change"),)

    state: Mapped[CheckBucket] = mapped_column(EnumText(CheckBucket))
