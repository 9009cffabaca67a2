"""The table of known askers: from where an account was signed in to before, and the wrong passwords from there."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from core.database import Base


class KnownAsker(Base):
    """A browser an account was signed in with, or the LINE user it is bound to: strangers do not lock it out (A20)."""

    __tablename__ = "known_askers"
    __table_args__ = (UniqueConstraint("account_id", "asker_key", name="uq_known_askers_account_asker"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("accounts.id"))
    asker_key: Mapped[str] = mapped_column(String(64), index=True)
    """Keyed hash of the token in the browser's cookie, or of the LINE person."""
    last_seen_at: Mapped[datetime] = mapped_column(index=True)
    wrong: Mapped[int] = mapped_column(default=0)
    locked_until: Mapped[datetime | None]
    """ACC-2, from here alone."""
