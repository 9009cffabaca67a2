"""The outbox: everything that is to be said to somebody, and what became of it."""

from __future__ import annotations

from datetime import datetime
from typing import cast
from uuid import UUID

from sqlalchemy import ForeignKey, Index, SmallInteger, String, Table, TextClause, Uuid, text
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
    """Of a form about a case; what becomes of somebody's own requests is a word about their account."""
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
    MULTICAST = "multicast", "LINE 群發"
    """The same text to many people in one request."""
    MAIL = "mail", "電子郵件"


class WhyMail(Labelled):
    """Why something that goes to an account goes by mail."""

    UNBOUND = "unbound", "沒有綁定 LINE"
    BLOCKED = "blocked", "已封鎖 LINE 官方帳號"
    SPARED = "spared", "LINE 額度所剩不多"
    QUOTA = "quota", "LINE 額度用完"
    PUSHED = "pushed", "今天的 LINE 提醒已用掉"
    """Something routine of an earlier day took this day's one push (DUTY-5)."""
    REFUSED = "refused", "LINE 拒收"
    IN_VAIN = "in_vain", "LINE 一直送不出去"


class NoticeState(Labelled):
    """Where it stands; ``core/notices/rules.py`` draws the edges."""

    CREATED = "created", "待送出"
    CLAIMED = "claimed", "送出中"
    ACCEPTED = "accepted", "已受理"
    """LINE or the mail server took it. Nobody claims that it was delivered or read."""
    AMBIGUOUS = "ambiguous", "結果不明"
    """A reply nobody knows the fate of: the person's next message gets it once more."""
    REFUSED = "refused", "被拒絕"
    """By LINE, for somebody who has no e-mail address here."""
    GIVEN_UP = "given_up", "已擱置"
    """It may have been said, or fails here again and again: a person must look."""
    UNREACHABLE = "unreachable", "無法送達"
    """Neither LINE nor the mail server takes it for this person."""
    HELD = "held", "暫停，待確認"
    """It should have gone long ago (an outage, a restored backup): a person decides whether it is still said (A60)."""
    DROPPED = "dropped", "不再需要"


UNSETTLED = text("state IN ('created', 'claimed')")
MAILS_OF_ACCOUNT = text("state IN ('created', 'claimed') AND via = 'mail'")
MAILS_OF_MAILBOX = text("state IN ('created', 'claimed') AND mailbox IS NOT NULL")
CREATED = text("state = 'created'")
CARRIED = text("carried_by IS NOT NULL")
SETTLED = text("settled_at IS NOT NULL")
UNSEEN = text("state = 'accepted' AND seen_at IS NULL")
AMBIGUOUS = text("state = 'ambiguous'")
OF_NOBODY = text("account_id IS NULL AND person IS NOT NULL")


def _index(name: str, *columns: str, where: TextClause | None = None) -> Index:
    """Return an index of the outbox. With every try a notice is written anew in each it stands in: keep them narrow."""
    return Index(f"ix_notices_{name}", *columns, sqlite_where=where, postgresql_where=where)


class Notice(Base):
    """One thing said once to one person: ``dedupe_key`` is unique, so a job that runs twice says it once."""

    __tablename__ = "notices"
    __table_args__ = (
        _index("unsettled", "rank", "not_before", "id", where=UNSETTLED),
        _index("queue_of_person", "person", "rank", "id", where=UNSETTLED),
        _index("mails_of_account", "account_id", where=MAILS_OF_ACCOUNT),
        _index("mails_of_mailbox", "mailbox", where=MAILS_OF_MAILBOX),
        _index("alike", "alike", "id", where=CREATED),
        _index("carried", "carried_by", where=CARRIED),
        _index("of_account", "account_id", "created_at"),
        _index("of_nobody", "person", where=OF_NOBODY),
        _index("settled", "settled_at", "state", where=SETTLED),
        _index("unseen", "person", where=UNSEEN),
        _index("ambiguous", "person", where=AMBIGUOUS),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    dedupe_key: Mapped[str] = mapped_column(String(120), unique=True)
    kind: Mapped[NoticeKind] = mapped_column(EnumText(NoticeKind))
    urgency: Mapped[Urgency] = mapped_column(EnumText(Urgency))
    rank: Mapped[int] = mapped_column(SmallInteger)
    """The urgency as a number, the most urgent 0: a code never waits behind a morning's digests."""
    account_id: Mapped[int | None] = mapped_column(ForeignKey("accounts.id"))
    person: Mapped[str | None] = mapped_column(String(64))
    """Keyed hash of the LINE user it goes to; None: by mail only."""
    line_user: Mapped[Sealed | None]
    address: Mapped[Sealed | None]
    """The e-mail address, where it goes by mail."""
    mailbox: Mapped[str | None] = mapped_column(String(64))
    """Keyed hash of the address of somebody without an account: what goes there keeps its order."""
    said: Mapped[Sealed]
    """The answer as ``Answer.to_json()``: without codes, which are derived when it is sent."""
    alike: Mapped[str | None] = mapped_column(String(64))
    """Keyed hash of what is said: the same for the same text. None: it goes alone, with nothing and nobody else."""
    via: Mapped[Via] = mapped_column(EnumText(Via))
    why_mail: Mapped[WhyMail | None] = mapped_column(EnumText(WhyMail, or_none=True))
    """Why it goes by mail; None: it does not, or whoever wrote it meant a mailbox."""
    reply_token: Mapped[Sealed | None]
    reply_token_at: Mapped[datetime | None]
    """When the webhook that carried the token came."""
    created_at: Mapped[datetime]
    not_before: Mapped[datetime]
    state: Mapped[NoticeState] = mapped_column(EnumText(NoticeState))
    reason: Mapped[str] = mapped_column(String(80), default="")
    tries: Mapped[int] = mapped_column(default=0)
    failures: Mapped[int] = mapped_column(default=0)
    """How often it failed here, before anything left this house (A57)."""
    carried_by: Mapped[int | None] = mapped_column(ForeignKey("notices.id"))
    """The notice in whose request this one goes: lease, key, body and fate are that one's. None: it goes by itself."""
    lease: Mapped[str | None] = mapped_column(String(43))
    lease_until: Mapped[datetime | None]
    retry_key: Mapped[UUID | None] = mapped_column(Uuid())
    """LINE's idempotency key of the push; the same on every try."""
    first_tried_at: Mapped[datetime | None]
    """When it was first tried by this way."""
    may_be_out: Mapped[bool] = mapped_column(default=False)
    """Whether a try with this key may have been accepted; written before the request leaves."""
    body: Mapped[Sealed | None]
    """The request as it is posted; a retry posts the same bytes. Not kept where a code is in them."""
    request_id: Mapped[str] = mapped_column(String(80), default="")
    settled_at: Mapped[datetime | None]
    seen_at: Mapped[datetime | None]
    """When its person first wrote or tapped after it: LINE tells nobody what was read."""
    released_at: Mapped[datetime | None]
    """When a person decided that it is still said although it is old."""


NOTICES = cast("Table", Notice.__table__)
"""The outbox as delivery works it, many rows at once."""


class Doorway(Base):
    """A way out as all workers share it: how fast it may be used, and whether it is shut."""

    __tablename__ = "doorways"

    name: Mapped[str] = mapped_column(String(20), primary_key=True)
    free_at: Mapped[datetime | None]
    """When all requests granted so far have gone, at the present rate, by the machine's clock."""
    slowed_at: Mapped[datetime | None]
    """When the channel last said that we are too fast."""
    rate: Mapped[int | None]
    """Requests a second from ``slowed_at``; it doubles with every minute."""
    shut_at: Mapped[datetime | None]
    """Since when the channel refuses us (401, 403); None: it is open."""
    try_at: Mapped[datetime | None]
    """When one request may try whether it is open again."""
    reason: Mapped[str] = mapped_column(String(80), default="")
    spent_at: Mapped[datetime | None]
    """When LINE last said that the month's paid messages are spent."""


class NoticeDuty(Base):
    """Which duties a notice speaks of: looked at again just before it is sent."""

    __tablename__ = "notice_duties"

    notice_id: Mapped[int] = mapped_column(ForeignKey("notices.id"), primary_key=True)
    duty_id: Mapped[int] = mapped_column(ForeignKey("duties.id"), primary_key=True, index=True)
    why: Mapped[str | None] = mapped_column(String(20))
    """For which reason it was told, where that cannot be asked anew; None: it can, or it only stands there."""


class MailboxMail(Base):
    """An e-mail that stays here because no mail server is set: development only."""

    __tablename__ = "mailbox_mails"

    id: Mapped[int] = mapped_column(primary_key=True)
    message_id: Mapped[str] = mapped_column(String(120), unique=True)
    address: Mapped[Sealed]
    subject: Mapped[Sealed]
    text: Mapped[Sealed]
    sent_at: Mapped[datetime]
