"""The table of requests: what was asked, by whom, and what became of it (ACC-8)."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from core.accounts.models import Account
from core.database import Base, EnumText
from core.labels import Labelled
from core.secrets import Sealed


class RequestKind(Labelled):
    """What is asked for."""

    EMAIL = "email", "變更信箱"
    EXTENSION = "extension", "展延"
    PERMISSION = "permission", "申請權限"
    REMOVAL = "removal", "停用權限"


class RequestState(Labelled):
    """Where a request stands; every state but the first is an end."""

    FILED = "filed", "審核中"
    APPROVED = "approved", "已核准"
    REFUSED = "refused", "未核准"
    WITHDRAWN = "withdrawn", "已撤回"
    STOPPED = "stopped", "已由原信箱攔下"


OPEN = text("state = 'filed'")


class AccountRequest(Base):
    """One request. Of one kind about one thing an account has at most one open: the database sees to it."""

    __tablename__ = "account_requests"
    __table_args__ = (
        Index("uq_account_requests_open", "account_id", "kind", "about", unique=True,
              sqlite_where=OPEN, postgresql_where=OPEN),
        Index("ix_account_requests_state", "state", "filed_at"),
    )  # fmt: skip

    id: Mapped[int] = mapped_column(primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("accounts.id"), index=True)
    kind: Mapped[RequestKind] = mapped_column(EnumText(RequestKind))
    about: Mapped[str] = mapped_column(String(20), default="")
    """A permission's code; empty where an account has one such thing only."""
    state: Mapped[RequestState] = mapped_column(EnumText(RequestState), default=RequestState.FILED)
    asked: Mapped[Sealed]
    """What is asked for, as ``Asked.to_json()``."""
    filed_at: Mapped[datetime]
    decided_at: Mapped[datetime | None]
    """When it was approved, refused or withdrawn."""
    decided_by: Mapped[str] = mapped_column(String(64), default="")
    """The account's code of who did that."""
    reason: Mapped[Sealed | None]
    """Why it was refused."""
    stop_until: Mapped[datetime | None]
    """Until then the old mailbox can stop a change of address (ACC-7); exclusive."""
    stopped_at: Mapped[datetime | None]

    account: Mapped[Account] = relationship(lazy="joined")
