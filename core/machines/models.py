"""The tables of other systems: their keys, the writes they asked for, and the codes they asked for."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column

from core.database import Base, EnumText
from core.labels import Labelled
from core.otp.models import Purpose
from core.secrets import Sealed

LIVE = text("revoked_at IS NULL")
BETWEEN = ","


class Scope(Labelled):
    """What a key opens."""

    OTP = "otp", "驗證碼"
    NOTICES = "notices", "通知"
    FACTS = "facts", "案件資料"
    DUTIES = "duties", "待辦查詢"


class ApiKey(Base):
    """A key of another system, known by its keyed hash: what is stolen here opens nothing."""

    __tablename__ = "api_keys"
    __table_args__ = (
        Index("uq_api_keys_live_name", "name", unique=True, sqlite_where=LIVE, postgresql_where=LIVE),
    )  # fmt: skip

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(40))
    """Which system holds it; stands in the audit. A revoked key's name may be given again."""
    key_hash: Mapped[str] = mapped_column(String(64), unique=True)
    scopes: Mapped[str] = mapped_column(String(80))
    """Values of ``Scope``, comma-separated."""
    created_at: Mapped[datetime]
    last_used_at: Mapped[datetime | None]
    revoked_at: Mapped[datetime | None]
    full_until: Mapped[datetime | None]
    """Until when the calls made so far use up the rate of this key; None: never called."""

    @property
    def opens(self) -> frozenset[Scope]:
        """What the key opens."""
        written = self.scopes.split(BETWEEN)
        return frozenset(each for each in Scope if each.value in written)


class ApiWrite(Base):
    """A write that came with an Idempotency-Key: the same again within a day gets the answer of the first."""

    __tablename__ = "api_writes"

    marker: Mapped[str] = mapped_column(String(64), primary_key=True)
    """Keyed hash of the key's id and the Idempotency-Key: of two at once the database lets one in."""
    request: Mapped[str] = mapped_column(String(64))
    """Keyed hash of what was asked: another request under the same Idempotency-Key is refused."""
    lease: Mapped[str] = mapped_column(String(43))
    """Who works on it; whoever comes back late and finds another here is rolled back."""
    begun_at: Mapped[datetime] = mapped_column(index=True)
    status: Mapped[int | None]
    """The HTTP status of the answer; None: under way."""
    answer: Mapped[Sealed | None]


class CodeAsk(Base):
    """A one-time password that another system asked for, sent or not: whoever asks cannot tell the two apart (A24)."""

    __tablename__ = "api_code_asks"
    __table_args__ = (Index("ix_api_code_asks_account_asked", "key_id", "account_key", "asked_at"),)

    id: Mapped[str] = mapped_column(String(43), primary_key=True)
    """The challenge; where no code was sent, one that nothing fits."""
    key_id: Mapped[int] = mapped_column(ForeignKey("api_keys.id"))
    account_key: Mapped[str] = mapped_column(String(64))
    """Keyed hash of the account's code as it was typed, whether or not there is one."""
    purpose: Mapped[Purpose] = mapped_column(EnumText(Purpose))
    asked_at: Mapped[datetime] = mapped_column(index=True)
    expires_at: Mapped[datetime]
    is_sent: Mapped[bool]
    """Whether a code of an account stands behind it, though it may have been withheld; False: nobody's."""
    tries: Mapped[int] = mapped_column(default=0)
    """Counted here only where no code was sent, as the real ones are counted elsewhere (OTP-2)."""


class UnsentWrong(Base):
    """Wrong tries of codes that were never sent: they wait and close like real ones (A24, OTP-6)."""

    __tablename__ = "api_unsent_wrong"

    account_key: Mapped[str] = mapped_column(String(64), primary_key=True)
    in_a_row: Mapped[int] = mapped_column(default=0)
    wait_until: Mapped[datetime | None]
    closed_at: Mapped[datetime | None]
    tried_at: Mapped[datetime] = mapped_column(index=True)
