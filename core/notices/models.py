"""The outbox: everything that is to be said to somebody, and what became of it."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import ForeignKey, Index, SmallInteger, String, Uuid, text
from sqlalchemy.orm import Mapped, mapped_column

from core.database import Base, EnumText
from core.labels import Labelled
from core.secrets import Sealed


class NoticeKind(Labelled):
    """Why something is said; every message to a person has one."""

    ANSWER = "answer", "對話回覆"
    DIGEST = "digest", "每日提醒"
    REMINDER = "reminder", "即時提醒"
    CODE = "code", "驗證碼"
    BINDING = "binding", "綁定通知"
    ACCOUNT = "account", "帳號通知"
    URGENT = "urgent", "緊急通報"
    DECISION = "decision", "審核結果"
    HELP = "help", "客服對話"


class Urgency(Labelled):
    """When it may go out."""

    ROUTINE = "routine", "一般"
    AT_ONCE = "at_once", "即時"
    """At once, but not in the quiet hours."""
    ALWAYS = "always", "立即"
    """At any hour: codes, answers in a running conversation, urgent signs."""


class Via(Labelled):
    """Which way it goes."""

    REPLY = "reply", "LINE 回覆"
    PUSH = "push", "LINE 推播"
    MAIL = "mail", "電子郵件"


class NoticeState(Labelled):
    """Where it stands; ``core/notices/rules.py`` draws the edges."""

    CREATED = "created", "待送出"
    CLAIMED = "claimed", "送出中"
    ACCEPTED = "accepted", "已受理"
    """LINE or the mail server took it. Nobody claims that it was delivered or read."""
    AMBIGUOUS = "ambiguous", "結果不明"
    REFUSED = "refused", "被拒絕"
    GIVEN_UP = "given_up", "已放棄"
    DROPPED = "dropped", "不再需要"


UNSETTLED = text("state IN ('created', 'claimed')")


class Notice(Base):
    """One thing said once to one person: ``dedupe_key`` is unique, so a job that runs twice says it once."""

    __tablename__ = "notices"
    __table_args__ = (
        Index("ix_notices_unsettled", "rank", "not_before", "id", sqlite_where=UNSETTLED, postgresql_where=UNSETTLED),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    dedupe_key: Mapped[str] = mapped_column(String(120), unique=True)
    kind: Mapped[NoticeKind] = mapped_column(EnumText(NoticeKind))
    urgency: Mapped[Urgency] = mapped_column(EnumText(Urgency))
    rank: Mapped[int] = mapped_column(SmallInteger)
    """The urgency as a number, the most urgent 0: a code never waits behind a morning's digests."""
    account_id: Mapped[int | None] = mapped_column(ForeignKey("accounts.id"), index=True)
    person: Mapped[str | None] = mapped_column(String(64), index=True)
    """Keyed hash of the LINE user it goes to; None: by mail only."""
    line_user: Mapped[Sealed | None]
    address: Mapped[Sealed | None]
    """The e-mail address, where it goes by mail."""
    said: Mapped[Sealed]
    """The answer as ``Answer.to_json()``: without codes, which are derived when it is sent."""
    via: Mapped[Via] = mapped_column(EnumText(Via))
    reply_token: Mapped[Sealed | None]
    reply_token_at: Mapped[datetime | None]
    """When the webhook that carried the token came."""
    created_at: Mapped[datetime]
    not_before: Mapped[datetime]
    state: Mapped[NoticeState] = mapped_column(EnumText(NoticeState))
    reason: Mapped[str] = mapped_column(String(80), default="")
    tries: Mapped[int] = mapped_column(default=0)
    lease: Mapped[str | None] = mapped_column(String(43))
    lease_until: Mapped[datetime | None]
    retry_key: Mapped[UUID | None] = mapped_column(Uuid())
    """LINE's idempotency key of the push; the same on every try."""
    first_tried_at: Mapped[datetime | None]
    body: Mapped[Sealed | None]
    """The messages as they are posted; a retry posts the same bytes. Not kept where a code is in them."""
    request_id: Mapped[str] = mapped_column(String(80), default="")
    settled_at: Mapped[datetime | None]


class NoticeDuty(Base):
    """Which duties a notice speaks of: looked at again just before it is sent."""

    __tablename__ = "notice_duties"

    notice_id: Mapped[int] = mapped_column(ForeignKey("notices.id"), primary_key=True)
    duty_id: Mapped[int] = mapped_column(ForeignKey("duties.id"), primary_key=True, index=True)


class MailboxMail(Base):
    """An e-mail that stays here because no mail server is set: development only."""

    __tablename__ = "mailbox_mails"

    id: Mapped[int] = mapped_column(primary_key=True)
    message_id: Mapped[str] = mapped_column(String(120), unique=True)
    address: Mapped[Sealed]
    subject: Mapped[Sealed]
    text: Mapped[Sealed]
    sent_at: Mapped[datetime]
