"""The tables of one-time passwords: neither code nor seed is in them (OTP-7)."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String, true
from sqlalchemy.orm import Mapped, mapped_column

from core.accounts.models import CodeChannel
from core.database import Base, EnumText
from core.labels import Labelled


class Purpose(Labelled):
    """What a code is asked for; it works for nothing else (OTP-7)."""

    LINK = "link", "綁定 LINE"
    SIGN_IN = "sign_in", "登入"
    PASSWORD = "password", "設定密碼"
    EMAIL_CHANGE = "email_change", "變更信箱"
    EXTENSION = "extension", "申請展延"
    MAIN_SYSTEM = "main_system", "登入社政系統"


class Challenge(Base):
    """One code that was sent. Its seed is derived from the server's key and the id when needed."""

    __tablename__ = "otp_challenges"
    __table_args__ = (Index("ix_otp_challenges_account_sent", "account_id", "sent_at"),)

    id: Mapped[str] = mapped_column(String(43), primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("accounts.id"))
    purpose: Mapped[Purpose] = mapped_column(EnumText(Purpose))
    asker: Mapped[str] = mapped_column(String(64))
    """Keyed hash of where it was asked: the browser's session, the LINE person, the API key."""
    known_as: Mapped[str | None] = mapped_column(String(64))
    """Keyed hash of what the account knows the asker by; None: a stranger (A20)."""
    channel: Mapped[CodeChannel] = mapped_column(EnumText(CodeChannel))
    sent_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    tries: Mapped[int] = mapped_column(default=0)
    used_at: Mapped[datetime | None]
    voided_at: Mapped[datetime | None]
    resent_as: Mapped[str | None] = mapped_column(String(43))
    """The challenge by which its code was sent again from elsewhere: the page that knows this one goes on with that."""
    is_sent: Mapped[bool] = mapped_column(default=True, server_default=true())
    """False: its code was refused, which whoever asked must not learn (A24); nobody got it, and it opens nothing."""


class WrongCodes(Base):
    """Wrong tries over all codes of an account (OTP-6)."""

    __tablename__ = "otp_wrong_codes"

    account_id: Mapped[int] = mapped_column(ForeignKey("accounts.id"), primary_key=True)
    in_a_row: Mapped[int] = mapped_column(default=0)
    wait_until: Mapped[datetime | None]
    closed_at: Mapped[datetime | None]


class Tally(Base):
    """Wrong tries counted otherwise than by account: of one asker on one account, of one asker, of everybody (A19)."""

    __tablename__ = "otp_tallies"

    key: Mapped[str] = mapped_column(String(100), primary_key=True)
    """Which count this is, by the keys of ``counting``; rows are locked in the order of their keys."""
    account_id: Mapped[int | None] = mapped_column(ForeignKey("accounts.id"), index=True)
    """Set where the count is of one account."""
    wrong: Mapped[int] = mapped_column(default=0)
    since: Mapped[datetime]
    """When the span began that ``wrong`` counts in."""
    wait_until: Mapped[datetime | None]
    closed_at: Mapped[datetime | None]
    tried_at: Mapped[datetime] = mapped_column(index=True)
