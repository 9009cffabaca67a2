"""The tables of registration: codes to mailboxes of nobody yet, who asks for an account, and for which permissions."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from core.accounts.models import Permission, Role, Unit
from core.database import Base, EnumText
from core.labels import Labelled
from core.secrets import Sealed


class ProofKind(Labelled):
    """How somebody proved that they work for the city (ACC-5)."""

    MAILBOX = "mailbox", "公務信箱的驗證碼"
    CITY = "city", "公務雲登入"


class RegistrationState(Labelled):
    """Where a registration stands; both others are ends."""

    FILED = "filed", "審核中"
    OPENED = "opened", "已開通"
    REFUSED = "refused", "未核准"


class PermissionState(Labelled):
    """What was decided on one permission (ACC-5: each by itself)."""

    FILED = "filed", "審核中"
    APPROVED = "approved", "已核准"
    REFUSED = "refused", "未核准"


OPEN = text("state = 'filed'")


class MailboxCode(Base):
    """A code to a mailbox that belongs to no account yet; neither code nor seed is stored (OTP-7)."""

    __tablename__ = "registration_codes"
    __table_args__ = (Index("ix_registration_codes_email_sent", "email_key", "sent_at"),)

    id: Mapped[str] = mapped_column(String(43), primary_key=True)
    """The challenge its code is derived from."""
    email_key: Mapped[str] = mapped_column(String(64))
    address: Mapped[Sealed]
    asker: Mapped[str] = mapped_column(String(64))
    """Keyed hash of the browser that asked."""
    proof: Mapped[ProofKind] = mapped_column(EnumText(ProofKind))
    city_account: Mapped[str | None] = mapped_column(String(6))
    """The account that signed on with the city, and the only one that may be asked for with this code (ACC-5)."""
    sent_at: Mapped[datetime] = mapped_column(index=True)
    expires_at: Mapped[datetime]
    tries: Mapped[int] = mapped_column(default=0)
    tried_at: Mapped[datetime | None]
    proved_at: Mapped[datetime | None]
    """When the right code came back."""
    voided_at: Mapped[datetime | None]
    """Replaced by a newer one, or spent on a registration."""


class Registration(Base):
    """Somebody who asks for an account. A mailbox has at most one open: the database sees to it."""

    __tablename__ = "registrations"
    __table_args__ = (
        Index("uq_registrations_open", "email_key", unique=True, sqlite_where=OPEN, postgresql_where=OPEN),
        Index("ix_registrations_state", "state", "filed_at"),
    )  # fmt: skip

    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(String(6))
    """The account's code they ask for (ACC-1)."""
    unit_id: Mapped[int] = mapped_column(ForeignKey("units.id"), index=True)
    role: Mapped[Role] = mapped_column(EnumText(Role))
    proof: Mapped[ProofKind] = mapped_column(EnumText(ProofKind))
    facts: Mapped[Sealed]
    """Who they are, as ``Applicant.to_json()``."""
    email_key: Mapped[str] = mapped_column(String(64))
    national_id_key: Mapped[str] = mapped_column(String(64))
    filed_at: Mapped[datetime]
    state: Mapped[RegistrationState] = mapped_column(EnumText(RegistrationState), default=RegistrationState.FILED)
    decided_at: Mapped[datetime | None]
    decided_by: Mapped[str] = mapped_column(String(64), default="")
    """The account's code of who decided."""
    account_id: Mapped[int | None] = mapped_column(ForeignKey("accounts.id"), index=True)
    """The account that was opened."""

    unit: Mapped[Unit] = relationship(lazy="joined")
    wanted: Mapped[list[WantedPermission]] = relationship(
        cascade="all, delete-orphan", lazy="selectin", order_by="WantedPermission.id"
    )


class WantedPermission(Base):
    """A permission somebody asks for with their account."""

    __tablename__ = "registration_permissions"
    __table_args__ = (UniqueConstraint("registration_id", "permission"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    registration_id: Mapped[int] = mapped_column(ForeignKey("registrations.id"), index=True)
    permission: Mapped[Permission] = mapped_column(EnumText(Permission))
    state: Mapped[PermissionState] = mapped_column(EnumText(PermissionState), default=PermissionState.FILED)
    reason: Mapped[Sealed | None]
    """Why it was refused; the applicant reads it."""
