"""Lists that wait, sealed, between their preview at the desk and its confirmation."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from core.database import Base, EnumText
from core.imports.files import Form
from core.imports.kinds import Kind
from core.labels import Labelled
from core.secrets import Sealed


class UploadState(Labelled):
    """How a list that was sent stands."""

    WAITING = "waiting", "等待確認"
    DONE = "done", "已匯入"
    DROPPED = "dropped", "已刪除"


class Upload(Base):
    """One list somebody sent. Its content goes as soon as it is settled; the row goes an hour after it came."""

    __tablename__ = "uploads"
    __table_args__ = (Index("ix_uploads_account", "account_id"), Index("ix_uploads_at", "at"))

    id: Mapped[int] = mapped_column(primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("accounts.id"))
    at: Mapped[datetime]
    kind: Mapped[Kind] = mapped_column(EnumText(Kind))
    suffix: Mapped[Form] = mapped_column(EnumText(Form))
    state: Mapped[UploadState] = mapped_column(EnumText(UploadState))
    content: Mapped[Sealed | None]
    """The file; None once it is settled."""
    settled_at: Mapped[datetime | None]
    added: Mapped[int]
    """Of a list that was brought in: how many rows were new."""
    changed: Mapped[int]
    same: Mapped[int]
