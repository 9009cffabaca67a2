"""The register of exports: who took which list out, when, how many rows, and the reason they gave (A64)."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from core.database import Base
from core.secrets import Sealed


class Export(Base):
    """One list that was taken out as a file. Rows are only ever added."""

    __tablename__ = "exports"
    __table_args__ = (Index("ix_exports_account", "account_id", "at"), Index("ix_exports_at", "at"))

    id: Mapped[int] = mapped_column(primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("accounts.id"))
    at: Mapped[datetime]
    what: Mapped[str] = mapped_column(String(60))
    """The list's name, and the choice within it."""
    rows: Mapped[int]
    reason: Mapped[Sealed]
    has_names: Mapped[bool]
    """Whether names stand in it unmasked."""
    is_large: Mapped[bool]
    """Whether the alarm was raised: with what this account took out that day before, it was much."""
