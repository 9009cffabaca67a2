"""Entries of a request: adding one once, erasing one everywhere."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete, select

from core.context import Context
from core.database import insert_once
from core.helpdesk.models import EntryKind, FileReason, FileState, HelpEntry, HelpFile, HelpRequest, HelpWord, Side


@dataclass(frozen=True)
class Written:
    """One thing somebody wrote or sent."""

    text: str = ""
    kind: EntryKind = EntryKind.TEXT
    message_id: str = ""
    """LINE's id, by which it is known once and can be taken back; empty on the web page."""
    read_token: str = ""
    """LINE's token to mark it read."""
    reply_token: str = ""
    """LINE's token to answer it, where the bot did not use it."""
    reply_token_at: datetime | None = None
    file_name: str = ""

    @property
    def is_text(self) -> bool:
        """Whether it is words, and not a picture or file."""
        return self.kind is EntryKind.TEXT

    @property
    def has_file(self) -> bool:
        """Whether its content must be fetched."""
        return self.kind in (EntryKind.PICTURE, EntryKind.FILE, EntryKind.MEDIA) and bool(self.message_id)


def add_entry(
    ctx: Context, row: HelpRequest, side: Side, written: Written, *, message_key: str | None = None
) -> HelpEntry | None:
    """Add an entry to a request that is locked; None when this message of LINE is in it already."""
    values: dict[str, object] = {
        "request_id": row.id,
        "side": side,
        "kind": written.kind,
        "author_id": ctx.actor.account_id if side is not Side.USER else None,
        "text": ctx.vault.seal(written.text),
        "at": ctx.now,
        "message_key": message_key,
        "read_token": ctx.vault.seal(written.read_token) if written.read_token else None,
        "notice_key": "",
    }
    entry_id = insert_once(ctx.session, HelpEntry, values, key="message_key")
    if entry_id is None:
        return None
    entry = ctx.session.get_one(HelpEntry, entry_id)
    if side is not Side.NOTE:
        row.newest_entry = entry.id
    if written.has_file:
        _await_file(ctx, entry, written)
    ctx.session.flush()
    return entry


def erase_entry(ctx: Context, entry: HelpEntry) -> None:
    """Erase what an entry said, its words and its file; the row stays as a trace that says only that."""
    entry.text, entry.erased_at, entry.read_token = None, ctx.now, None
    ctx.session.execute(delete(HelpWord).where(HelpWord.entry_id == entry.id))
    file = ctx.session.scalar(select(HelpFile).where(HelpFile.entry_id == entry.id))
    if file is not None:
        file.state, file.reason = FileState.GONE, FileReason.TAKEN_BACK.value
        file.content = file.message_id = None
        file.name, file.size = ctx.vault.seal(""), 0
    ctx.session.flush()


def _await_file(ctx: Context, entry: HelpEntry, written: Written) -> None:
    ctx.session.add(
        HelpFile(
            entry_id=entry.id,
            state=FileState.TO_FETCH,
            message_id=ctx.vault.seal(written.message_id),
            name=ctx.vault.seal(written.file_name),
            not_before=ctx.now,
            media_type="",
            size=0,
            tries=0,
            reason="",
        )
    )
