"""The tables of the helpdesk: requests, what was written in them, who looks, drafts, canned answers."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String, TextClause, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from core.database import Base, EnumText
from core.labels import Labelled
from core.secrets import Sealed


class HelpKind(Labelled):
    """What somebody needs help with (HELP-3)."""

    LOGIN = "login", "登入問題"
    EMAIL = "email", "變更信箱"
    PERMISSION = "permission", "權限申請"
    EXTENSION = "extension", "展延申請"
    CASE = "case", "案件資料"
    FAULT = "fault", "系統報修"
    OTHER = "other", "其他問題"


class HelpState(Labelled):
    """Where a request stands; ``core/helpdesk/rules.py`` draws the edges."""

    NEW = "new", "待受理"
    OPEN = "open", "處理中"
    WAITING = "waiting", "等候您回覆"
    SOLVED = "solved", "已解決"


class Side(Labelled):
    """Who wrote an entry."""

    USER = "user", "提問人"
    AGENT = "agent", "客服"
    NOTE = "note", "內部備註"
    """Among agents only; never shown to who asked."""
    SYSTEM = "system", "系統"


class EntryKind(Labelled):
    """What an entry is."""

    TEXT = "text", "文字"
    PICTURE = "picture", "圖片"
    FILE = "file", "檔案"
    STICKER = "sticker", "貼圖"
    LOCATION = "location", "位置"
    MEDIA = "media", "影音"


class FileState(Labelled):
    """What became of a picture or file that was sent to us."""

    TO_FETCH = "to_fetch", "讀取中"
    KEPT = "kept", "已收到"
    REFUSED = "refused", "無法接收"
    GONE = "gone", "已刪除"


class FileKind(Labelled):
    """What a file is, by its content; the value is its media type."""

    JPEG = "image/jpeg", "照片"
    PNG = "image/png", "圖片"
    GIF = "image/gif", "動畫圖片"
    WEBP = "image/webp", "網頁圖片"
    PDF = "application/pdf", "PDF 文件"
    DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document", "Word 文件"
    XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", "Excel 活頁簿"
    TEXT = "text/plain", "純文字檔"


class FileReason(Labelled):
    """Why a picture or file is not there."""

    EMPTY = "empty", "檔案是空的"
    TOO_LARGE = "too_large", "檔案超過 10 MB"
    NOT_TAKEN = "not_taken", "不是可接收的檔案種類"
    OLD_OFFICE = "old_office", "是舊版或設有密碼的 Office 檔"
    UNSAFE = "unsafe", "含有巨集、密碼或異常的內容"
    UNREADABLE = "unreadable", "檔案已損壞，讀不出來"
    TOO_MANY_PIXELS = "too_many_pixels", "圖片的尺寸太大"
    MEDIA = "media", "不接收影片與語音"
    NOT_FETCHED = "not_fetched", "傳送時沒有收到"
    TAKEN_BACK = "taken_back", "已由提問人收回"
    TOO_OLD = "too_old", "已超過保存期限"


UNSOLVED = text("state != 'solved'")
SOLVED = text("state = 'solved'")
NEXT_DUE = text("coalesce(answer_due_at, solve_due_at)")
"""When the first answer, and after it the solution, is owed: by this the desk's lists stand in order."""
OWES_NOTHING = text("(coalesce(answer_due_at, solve_due_at) IS NULL)")
TO_FETCH = text("state = 'to_fetch'")
KEPT = text("state = 'kept'")
TO_TELL = text("read_token IS NOT NULL AND read_at IS NOT NULL")


def _in_order(name: str, *columns: str | TextClause) -> Index:
    """Return an index of what is unsolved, in the order of a list of the desk."""
    return Index(name, *columns, sqlite_where=UNSOLVED, postgresql_where=UNSOLVED)


class HelpRequest(Base):
    """One conversation with the helpdesk, from the first word to solved."""

    __tablename__ = "help_requests"
    __table_args__ = (
        Index("ix_help_requests_unsolved", "state", "agent_id", "id", sqlite_where=UNSOLVED, postgresql_where=UNSOLVED),
        Index("ix_help_requests_warn", "warn_at", sqlite_where=UNSOLVED, postgresql_where=UNSOLVED),
        Index("ix_help_requests_solved", "id", sqlite_where=SOLVED, postgresql_where=SOLVED),
        Index("ix_help_requests_asked", "asked_at", "id"),
        _in_order("ix_help_requests_order", OWES_NOTHING, NEXT_DUE, "state_at", "id"),
        _in_order("ix_help_requests_agent_order", "agent_id", OWES_NOTHING, NEXT_DUE, "state_at", "id"),
        _in_order("ix_help_requests_state_order", "state", "state_at", "id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[HelpKind] = mapped_column(EnumText(HelpKind))
    state: Mapped[HelpState] = mapped_column(EnumText(HelpState))
    subject: Mapped[Sealed]
    person: Mapped[str | None] = mapped_column(String(64), index=True)
    """Keyed hash of the LINE user who asks; None: it was written on the web page."""
    line_user: Mapped[Sealed | None]
    display_name: Mapped[Sealed | None]
    account_id: Mapped[int | None] = mapped_column(ForeignKey("accounts.id"), index=True)
    """The account that was bound when it was asked."""
    email: Mapped[Sealed | None]
    """Where answers go without LINE; it was shown before sending (HELP-2)."""
    email_key: Mapped[str | None] = mapped_column(String(64), index=True)
    """Keyed hash of that address, by which the requests of one mailbox are found."""
    network_key: Mapped[str | None] = mapped_column(String(64))
    """Keyed hash of the network it was written from on the web page, by which too many are counted."""
    reply_token: Mapped[Sealed | None]
    """LINE's token of the newest message nobody has answered: an answer by it is free while it lives."""
    reply_token_at: Mapped[datetime | None]
    talks_until: Mapped[datetime | None]
    """Until then what the person writes belongs here; None: the bot answers them."""
    agent_id: Mapped[int | None] = mapped_column(ForeignKey("accounts.id"), index=True)
    asked_at: Mapped[datetime]
    state_at: Mapped[datetime]
    """When it came to its present state."""
    newest_entry: Mapped[int] = mapped_column(default=0)
    """The number of its newest entry: an answer names the one it was written after."""
    answer_due_at: Mapped[datetime | None]
    """When the first answer is owed (HELP-6); None: it was given."""
    solve_due_at: Mapped[datetime | None]
    """When it is to be solved; None while it waits for who asked, or once it is solved."""
    solve_left: Mapped[int] = mapped_column(default=0)
    """The working seconds left when it began to wait; less than none where it was late already."""
    warn_at: Mapped[datetime | None]
    """When the desk is next to be told that time runs out."""
    first_answer_at: Mapped[datetime | None]
    solved_at: Mapped[datetime | None]
    answered_in: Mapped[int | None]
    """Working seconds until the first answer."""
    solved_in: Mapped[int | None]
    """Working seconds until it was solved, without those spent waiting for who asked."""
    rating: Mapped[int | None]
    """1 helped, 0 did not."""


class HelpEntry(Base):
    """One thing written or sent in a request. ``id`` is its order."""

    __tablename__ = "help_entries"
    __table_args__ = (
        Index("ix_help_entries_request", "request_id", "id"),
        Index("ix_help_entries_to_tell", "id", sqlite_where=TO_TELL, postgresql_where=TO_TELL),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    request_id: Mapped[int] = mapped_column(ForeignKey("help_requests.id"))
    side: Mapped[Side] = mapped_column(EnumText(Side))
    kind: Mapped[EntryKind] = mapped_column(EnumText(EntryKind))
    author_id: Mapped[int | None] = mapped_column(ForeignKey("accounts.id"))
    text: Mapped[Sealed | None]
    """As it was written; None once its writer took it back."""
    at: Mapped[datetime]
    message_key: Mapped[str | None] = mapped_column(String(64), unique=True)
    """Keyed hash of LINE's message id, by which it is taken back (A13) and stored once."""
    read_token: Mapped[Sealed | None]
    """LINE's token to mark it read; None once LINE was told, or was not to be reached for long."""
    read_at: Mapped[datetime | None]
    tell_after: Mapped[datetime | None]
    """When LINE is next told that it was read; None: not tried yet."""
    erased_at: Mapped[datetime | None]
    notice_key: Mapped[str] = mapped_column(String(120), default="")
    """The outbox's key of an answer: its fate is read there."""


class HelpFile(Base):
    """A picture or file of an entry: fetched from LINE by a worker, looked at, kept sealed, deleted by policy."""

    __tablename__ = "help_files"
    __table_args__ = (
        Index("ix_help_files_to_fetch", "not_before", sqlite_where=TO_FETCH, postgresql_where=TO_FETCH),
        Index("ix_help_files_kept", "kept_at", sqlite_where=KEPT, postgresql_where=KEPT),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    entry_id: Mapped[int] = mapped_column(ForeignKey("help_entries.id"), unique=True)
    state: Mapped[FileState] = mapped_column(EnumText(FileState))
    reason: Mapped[str] = mapped_column(String(40), default="")
    message_id: Mapped[Sealed | None]
    """LINE's id, while the content is still to be fetched."""
    name: Mapped[Sealed]
    media_type: Mapped[str] = mapped_column(String(80), default="")
    """What the content is, by the content itself."""
    size: Mapped[int] = mapped_column(default=0)
    content: Mapped[Sealed | None] = mapped_column(deferred=True)
    """None until it is kept, and again once it is gone."""
    tries: Mapped[int] = mapped_column(default=0)
    not_before: Mapped[datetime]
    kept_at: Mapped[datetime | None]


class HelpWord(Base):
    """A piece of two characters of an entry, as a keyed hash: how sealed texts are searched without being readable."""

    __tablename__ = "help_words"
    __table_args__ = (UniqueConstraint("word", "entry_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    word: Mapped[str] = mapped_column(String(24))
    entry_id: Mapped[int] = mapped_column(ForeignKey("help_entries.id"), index=True)


class HelpLook(Base):
    """Who has a request open on the desk."""

    __tablename__ = "help_looks"

    request_id: Mapped[int] = mapped_column(ForeignKey("help_requests.id"), primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("accounts.id"), primary_key=True)
    at: Mapped[datetime]


class HelpDraft(Base):
    """An answer that is being written; it survives a reload and a lost connection."""

    __tablename__ = "help_drafts"

    request_id: Mapped[int] = mapped_column(ForeignKey("help_requests.id"), primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("accounts.id"), primary_key=True)
    text: Mapped[Sealed]
    saved_at: Mapped[datetime]


class CannedAnswer(Base):
    """An answer that is given often, with places for the person's facts."""

    __tablename__ = "canned_answers"

    id: Mapped[int] = mapped_column(primary_key=True)
    title: Mapped[str] = mapped_column(String(60), unique=True)
    text: Mapped[str] = mapped_column(String(2000))


class OnDuty(Base):
    """An agent who takes requests now."""

    __tablename__ = "help_on_duty"

    account_id: Mapped[int] = mapped_column(ForeignKey("accounts.id"), primary_key=True)
    since: Mapped[datetime]
