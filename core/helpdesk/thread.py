"""One request as the desk reads it: its entries with the fate of each answer, who else looks, drafts, the history."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import delete, or_, select

from core.access import Action, require
from core.accounts.models import Account
from core.context import Context
from core.errors import NotFound
from core.helpdesk.file_kinds import PICTURES
from core.helpdesk.models import (
    EntryKind,
    FileKind,
    FileReason,
    FileState,
    HelpDraft,
    HelpEntry,
    HelpFile,
    HelpLook,
    HelpRequest,
    Side,
)
from core.helpdesk.queries import RequestRow, request_rows
from core.notices.models import Notice, NoticeState, Via

ENTRIES_AT_MOST = 200
HISTORY_AT_MOST = 20
LOOKS_FOR = timedelta(seconds=15)  # a page that is open says so every few seconds


@dataclass(frozen=True)
class FileRow:
    """A picture or file of an entry."""

    number: int
    state: FileState
    name: str
    media_type: str
    size: int
    reason: str

    @property
    def is_picture(self) -> bool:
        """Whether a page may draw it."""
        return self.media_type in PICTURES

    @property
    def kind_label(self) -> str:
        """What it is, in words; empty for one that was not kept."""
        return next((each.label for each in FileKind if each.value == self.media_type), "")

    @property
    def kilobytes(self) -> int:
        """Its size, at least one."""
        return -(-self.size // 1024)

    @property
    def why(self) -> str:
        """Why it is not there, in words; empty for one that is."""
        return next((each.label for each in FileReason if each.value == self.reason), "")


@dataclass(frozen=True)
class Fate:
    """What became of an answer; LINE's 200 is *accepted*, never *delivered*."""

    state: NoticeState
    via: Via
    reason: str


@dataclass(frozen=True)
class EntryRow:
    """One entry; a text that was taken back is empty and ``is_erased``."""

    number: int
    side: Side
    kind: EntryKind
    author: str
    text: str
    at: datetime
    is_erased: bool
    file: FileRow | None
    fate: Fate | None


@dataclass(frozen=True)
class Thread:
    """A request with what was written in it; ``earlier`` says that the oldest entries are left out."""

    request: RequestRow
    entries: tuple[EntryRow, ...]
    earlier: bool
    rating: int | None
    account_id: int | None
    email: str
    draft: str
    others: tuple[str, ...]
    """Who else has it open now."""


def thread(ctx: Context, number: int) -> Thread:
    """Return a request with its newest entries; raises ``NotFound``. The showing is audited."""
    require(ctx.actor, Action.ANSWER_HELP)
    row = ctx.session.get(HelpRequest, number)
    if row is None:
        raise NotFound
    newest = ctx.session.scalars(
        select(HelpEntry).where(HelpEntry.request_id == number).order_by(HelpEntry.id.desc()).limit(ENTRIES_AT_MOST + 1)
    ).all()
    shown = list(reversed(newest[:ENTRIES_AT_MOST]))
    return Thread(
        request=request_rows(ctx, [row])[0],
        entries=_entries(ctx, shown),
        earlier=len(newest) > ENTRIES_AT_MOST,
        rating=row.rating,
        account_id=row.account_id,
        email=ctx.vault.open(row.email) if row.email else "",
        draft=_draft(ctx, number),
        others=_others(ctx, number),
    )


def newest_entry(ctx: Context, number: int) -> int:
    """Return the number of a request's newest entry, notes included; 0 when it has none: what a page polls."""
    require(ctx.actor, Action.ANSWER_HELP)
    newest = select(HelpEntry.id).where(HelpEntry.request_id == number).order_by(HelpEntry.id.desc()).limit(1)
    return ctx.session.scalar(newest) or 0


def earlier_requests(ctx: Context, number: int) -> tuple[RequestRow, ...]:
    """Return the same person's other requests, newest first; raises ``NotFound``."""
    require(ctx.actor, Action.ANSWER_HELP)
    row = ctx.session.get(HelpRequest, number)
    if row is None:
        raise NotFound
    theirs = [HelpRequest.person == row.person] if row.person else []
    theirs += [HelpRequest.account_id == row.account_id] if row.account_id else []
    theirs += [HelpRequest.email_key == row.email_key] if row.email_key else []
    if not theirs:
        return ()
    others = select(HelpRequest).where(or_(*theirs), HelpRequest.id != number).order_by(HelpRequest.id.desc())
    return request_rows(ctx, ctx.session.scalars(others.limit(HISTORY_AT_MOST)).all())


def look(ctx: Context, number: int) -> None:
    """Note that the actor has a request open now; raises ``NotFound``."""
    require(ctx.actor, Action.ANSWER_HELP)
    _known(ctx, number)
    seen = ctx.session.get(HelpLook, (number, ctx.actor.account_id))
    if seen is None:
        ctx.session.add(HelpLook(request_id=number, account_id=ctx.actor.account_id, at=ctx.now))
    else:
        seen.at = ctx.now
    ctx.session.flush()


def save_draft(ctx: Context, number: int, text: str) -> None:
    """Keep what the actor is writing; an empty text forgets it. Raises ``NotFound``."""
    require(ctx.actor, Action.ANSWER_HELP)
    _known(ctx, number)
    own = (HelpDraft.request_id == number, HelpDraft.account_id == ctx.actor.account_id)
    ctx.session.execute(delete(HelpDraft).where(*own))
    if text.strip():
        sealed = ctx.vault.seal(text)
        ctx.session.add(HelpDraft(request_id=number, account_id=ctx.actor.account_id, text=sealed, saved_at=ctx.now))
    ctx.session.flush()


def _known(ctx: Context, number: int) -> None:
    if ctx.session.scalar(select(HelpRequest.id).where(HelpRequest.id == number)) is None:
        raise NotFound


def _entries(ctx: Context, rows: Sequence[HelpEntry]) -> tuple[EntryRow, ...]:
    names = _names(ctx, {row.author_id for row in rows if row.author_id is not None})
    files = _files(ctx, [row.id for row in rows])
    fates = _fates(ctx, [row.notice_key for row in rows if row.notice_key])
    return tuple(
        EntryRow(
            number=row.id,
            side=row.side,
            kind=row.kind,
            author=names.get(row.author_id or 0, ""),
            text=ctx.vault.open(row.text) if row.text else "",
            at=row.at,
            is_erased=row.erased_at is not None,
            file=files.get(row.id),
            fate=fates.get(row.notice_key),
        )
        for row in rows
    )


def _names(ctx: Context, account_ids: set[int]) -> dict[int, str]:
    rows = ctx.session.execute(select(Account.id, Account.name).where(Account.id.in_(account_ids)))
    return {row.id: ctx.vault.open(row.name) for row in rows}


def _files(ctx: Context, entry_ids: Sequence[int]) -> Mapping[int, FileRow]:
    rows = ctx.session.scalars(select(HelpFile).where(HelpFile.entry_id.in_(entry_ids)))
    return {
        row.entry_id: FileRow(row.id, row.state, ctx.vault.open(row.name), row.media_type, row.size, row.reason)
        for row in rows
    }


def _fates(ctx: Context, keys: Sequence[str]) -> Mapping[str, Fate]:
    rows = ctx.session.scalars(select(Notice).where(Notice.dedupe_key.in_(keys)))
    return {row.dedupe_key: Fate(row.state, row.via, row.reason) for row in rows}


def _draft(ctx: Context, number: int) -> str:
    draft = ctx.session.get(HelpDraft, (number, ctx.actor.account_id))
    return ctx.vault.open(draft.text) if draft else ""


def _others(ctx: Context, number: int) -> tuple[str, ...]:
    rows = ctx.session.scalars(
        select(Account.name)
        .join(HelpLook, HelpLook.account_id == Account.id)
        .where(
            HelpLook.request_id == number,
            HelpLook.account_id != ctx.actor.account_id,
            HelpLook.at > ctx.now - LOOKS_FOR,
        )
    )
    return tuple(ctx.vault.open(name) for name in rows)
