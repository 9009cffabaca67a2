"""Pictures and files of requests: taken to be fetched, kept sealed or refused, shown at the desk, deleted by policy.

Nothing is fetched inside a transaction: what is due is taken with a lease, fetched and looked at outside, and then
settled, if it still waits for that. One that was taken back meanwhile stays erased (A13).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import ColumnElement, and_, select

from core.access import Action, require
from core.context import Context
from core.errors import NotFound
from core.helpdesk import notices
from core.helpdesk.answering import tell
from core.helpdesk.door import NotHad
from core.helpdesk.file_kinds import PICTURES, download_name, kind_of
from core.helpdesk.locking import locked_request
from core.helpdesk.models import EntryKind, FileKind, FileReason, FileState, HelpEntry, HelpFile
from core.helpdesk.pictures import redrawn

LEASE = timedelta(minutes=5)  # longer than fetching may take: then another worker tries
WAITS = tuple(timedelta(seconds=each) for each in (5, 15, 60, 300, 1800, 7200, 21600))
"""Between two tries; after the last one it is let go: LINE keeps nothing for long."""


@dataclass(frozen=True)
class ToFetch:
    """A file that is this worker's to fetch until its lease ends."""

    number: int
    kind: EntryKind
    message_id: str
    name: str
    tries: int

    @property
    def is_given_up(self) -> bool:
        """Whether workers broke over it as often as it may be tried: one more is not lost to it (A57)."""
        return self.tries > len(WAITS) + 1


@dataclass(frozen=True)
class Looked:
    """A content that is taken: what it is, and its bytes as they are kept."""

    kind: FileKind
    content: bytes


@dataclass(frozen=True)
class ShownFile:
    """A file as it is handed out; ``name`` is harmless and ends as the content does."""

    name: str
    kind: FileKind
    content: bytes

    @property
    def is_picture(self) -> bool:
        """Whether it can be shown on a page: then it was made anew here."""
        return self.kind in PICTURES


def is_due(ctx: Context) -> bool:
    """Return whether anything waits to be fetched."""
    return ctx.session.scalar(select(HelpFile.id).where(_due(ctx)).limit(1)) is not None


def take_next(ctx: Context) -> ToFetch | None:
    """Take the file that has waited longest; commit before fetching it. None when none is due."""
    row = ctx.session.scalar(
        select(HelpFile).where(_due(ctx)).order_by(HelpFile.not_before).limit(1).with_for_update(skip_locked=True)
    )
    if row is None or row.message_id is None:
        return None
    row.tries, row.not_before = row.tries + 1, ctx.now + LEASE
    kind = ctx.session.scalars(select(HelpEntry.kind).where(HelpEntry.id == row.entry_id)).one()
    return ToFetch(row.id, kind, ctx.vault.open(row.message_id), ctx.vault.open(row.name), row.tries)


def looked_at(content: bytes, name: str) -> Looked | FileReason:
    """Return what a content is and what is kept of it, or why it is not taken. Pure; a picture costs seconds at most.

    A picture is made anew, so that nothing hidden in it is kept (A38).
    """
    kind = kind_of(content, name)
    if isinstance(kind, FileReason):
        return kind
    if kind not in PICTURES:
        return Looked(kind, content)
    made = redrawn(content)
    return made if isinstance(made, FileReason) else Looked(made.kind, made.content)


def keep(ctx: Context, taken: ToFetch, looked: Looked) -> bool:
    """Keep a file, sealed; False when it is not waited for any more."""
    row = _waiting(ctx, taken)
    if row is None:
        return False
    row.state, row.message_id, row.kept_at = FileState.KEPT, None, ctx.now
    row.content = ctx.vault.seal_bytes(looked.content)
    row.media_type, row.size = looked.kind.value, len(looked.content)
    ctx.note("help.file_kept", f"help_file:{row.id}", ("content",))
    ctx.session.flush()
    return True


def refuse(ctx: Context, taken: ToFetch, reason: FileReason) -> bool:
    """Refuse a file, and tell who sent it what is taken; False when it is not waited for any more."""
    row = _waiting(ctx, taken)
    if row is None:
        return False
    row.state, row.reason, row.message_id = FileState.REFUSED, reason.value, None
    _tell(ctx, row, reason)
    ctx.note("help.file_refused", f"help_file:{row.id}", (reason.value,))
    ctx.session.flush()
    return True


def not_had(ctx: Context, taken: ToFetch, why: NotHad) -> None:
    """Settle a try that brought nothing: once more later, or let go; who sent it is asked to send it again."""
    if why is NotHad.TOO_LARGE:
        refuse(ctx, taken, FileReason.TOO_LARGE)
    elif why is NotHad.GONE or taken.tries > len(WAITS):
        refuse(ctx, taken, FileReason.NOT_FETCHED)
    elif (row := _waiting(ctx, taken)) is not None:
        row.not_before = ctx.now + WAITS[taken.tries - 1]
        ctx.session.flush()


def shown_file(ctx: Context, number: int, file: int) -> ShownFile:
    """Return a kept file of a request; raises ``NotFound``. The showing is audited."""
    require(ctx.actor, Action.ANSWER_HELP)
    row = ctx.session.scalar(
        select(HelpFile)
        .join(HelpEntry, HelpEntry.id == HelpFile.entry_id)
        .where(HelpFile.id == file, HelpEntry.request_id == number, HelpFile.state == FileState.KEPT)
    )
    if row is None or row.content is None:
        raise NotFound
    ctx.note("show_help_file", f"help:{number}", (f"file:{file}",))
    kind = next(each for each in FileKind if each.value == row.media_type)
    return ShownFile(download_name(ctx.vault.open(row.name), kind), kind, ctx.vault.open_bytes(row.content))


def forget_files(ctx: Context, limit: int) -> int:
    """Delete the contents and names of files that policy keeps no longer; return how many. That there was one stays."""
    before = ctx.now - timedelta(days=ctx.policy.help_file_days)
    rows = ctx.session.scalars(
        select(HelpFile)
        .where(HelpFile.state == FileState.KEPT, HelpFile.kept_at < before)
        .order_by(HelpFile.kept_at)
        .limit(limit)
        .with_for_update(skip_locked=True)
    ).all()
    for row in rows:
        row.state, row.reason, row.content = FileState.GONE, FileReason.TOO_OLD.value, None
        row.name, row.size = ctx.vault.seal(""), 0
        ctx.note("help.file_forgotten", f"help_file:{row.id}", ("content", "name"))
    ctx.session.flush()
    return len(rows)


def _due(ctx: Context) -> ColumnElement[bool]:
    return and_(HelpFile.state == FileState.TO_FETCH, HelpFile.not_before <= ctx.now)


def _waiting(ctx: Context, taken: ToFetch) -> HelpFile | None:
    """Return a taken file, locked; None when it was taken back, or its lease ended and another worker has it."""
    row = ctx.session.scalar(
        select(HelpFile).where(HelpFile.id == taken.number).with_for_update().execution_options(populate_existing=True)
    )
    is_ours = row is not None and row.state is FileState.TO_FETCH and row.tries == taken.tries
    return row if is_ours else None


def _tell(ctx: Context, row: HelpFile, reason: FileReason) -> None:
    """Tell who sent it; the request is locked after its file, as everywhere in this module."""
    entry = ctx.session.get_one(HelpEntry, row.entry_id)
    request = locked_request(ctx, entry.request_id)
    said = notices.file_refused(request.id, ctx.vault.open(row.name), reason)
    tell(ctx, request, said, f"help:{request.id}:file:{row.id}")
