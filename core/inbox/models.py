"""The tables of stored webhook events and of conversations."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Index, String, text
from sqlalchemy.orm import Mapped, mapped_column

from core.database import Base, EnumText
from core.labels import Labelled
from core.language.models import Language
from core.secrets import Sealed


class EventState(Labelled):
    """What became of a stored event."""

    WAITING = "waiting", "待處理"
    DONE = "done", "已處理"
    IGNORED = "ignored", "不需處理"
    PARKED = "parked", "已擱置"
    """It failed too often; a person must look."""


class InboxEvent(Base):
    """A webhook event, stored under LINE's id before 200 is answered, and handled once."""

    __tablename__ = "inbox_events"
    __table_args__ = (Index(None, "person", "state", "happened_at"),)
    """What waits of a person in its order, and what was heard of them: one index, as each costs every webhook."""

    id: Mapped[int] = mapped_column(primary_key=True)
    webhook_event_id: Mapped[str] = mapped_column(String(64), unique=True)
    person: Mapped[str | None] = mapped_column(String(64))
    """Keyed hash of the LINE user; None where the event names nobody."""
    kind: Mapped[str] = mapped_column(String(40))
    """LINE's word for it; unknown ones are kept too."""
    body: Mapped[Sealed]
    """The event's JSON as it came."""
    happened_at: Mapped[datetime]
    """LINE's timestamp: the order of one person's events."""
    received_at: Mapped[datetime] = mapped_column(index=True)
    state: Mapped[EventState] = mapped_column(EnumText(EventState))
    tries: Mapped[int] = mapped_column(default=0)
    reason: Mapped[str] = mapped_column(String(60), default="")
    done_at: Mapped[datetime | None]
    told_at: Mapped[datetime | None]
    """When its reply token was spent on saying that the answer is still to come."""


PENDING = text("waiting_since IS NOT NULL")


class Conversation(Base):
    """One person's place in the chat. Its row is the person's lock: who holds the lease handles their events."""

    __tablename__ = "conversations"
    __table_args__ = (
        Index("ix_conversations_pending", "waiting_since", sqlite_where=PENDING, postgresql_where=PENDING),
    )

    person: Mapped[str] = mapped_column(String(64), primary_key=True)
    line_user: Mapped[Sealed]
    waiting_since: Mapped[datetime | None]
    """When the oldest unhandled event came; None: nothing waits."""
    minute_since: Mapped[datetime | None]
    in_minute: Mapped[int | None]
    """How many messages came within the minute that began then (A11)."""
    lease: Mapped[str | None] = mapped_column(String(43))
    lease_until: Mapped[datetime | None]
    dialog: Mapped[str] = mapped_column(String(40), default="")
    """The dialog under way, and its step; empty: none."""
    step: Mapped[str] = mapped_column(String(40), default="")
    collected: Mapped[Sealed | None]
    """What the dialog has gathered so far, as JSON."""
    dialog_until: Mapped[datetime | None]
    misunderstood: Mapped[int] = mapped_column(default=0)
    """How often in a row the bot did not understand."""
    language: Mapped[Language | None] = mapped_column(EnumText(Language, or_none=True))
    """What this person asked to be spoken to in, bound or not; None: nothing was asked."""
    blocked_at: Mapped[datetime | None]
    """Since when this person has blocked the account: nothing of it is shown to them, no menu either."""
