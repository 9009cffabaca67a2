"""Bringing a list in at the desk: it is kept sealed, shown as what it would do, and put in once, as it was shown.

Nothing of it is in an address, a log or a file. Its content goes with the confirmation, when another list of its kind
is sent by the same account, when it is dropped, and an hour after it came at the latest; what it did stands until then.
While another import runs, each of these raises ``Conflict`` and has changed nothing.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256

from sqlalchemy import delete, select

from core.access import account_of
from core.context import Context
from core.errors import Expired, InvalidInput, NotFound
from core.imports.files import Form, Sheet, form_of, sheet_of
from core.imports.kinds import Kind, require_kind
from core.imports.models import Upload, UploadState
from core.imports.results import ImportRefused, Problem, Report
from core.imports.service import Imported, plan_list, put_list
from core.imports.showing import ShownRow, shown_rows
from core.imports.turns import told_if_busy

KEPT = timedelta(hours=1)
BYTES_AT_MOST = 900 * 2**10  # a form may have 1 MiB
ROWS_AT_MOST = 1_000  # so many are put in while somebody waits for the page, and SQLite writes nothing else
PATIENCE_SECONDS = 5  # an import that runs takes minutes

_TOO_LARGE = f"檔案超過 {BYTES_AT_MOST // 2**10} KB。請分成幾個檔案，或請系統管理者用指令匯入。"
_TOO_MANY = f"資料超過 {ROWS_AT_MOST:,} 列。請分成幾個檔案，或請系統管理者用指令匯入。"
_EMPTY = "檔案裡沒有資料列。請確認檔案內容。"
_NOT_CHOSEN = "還沒有選擇檔案。請選擇 xlsx 或 csv 檔。"
_GONE = "這個檔案已經刪除（保留 1 小時，或已由較新的檔案取代），沒有匯入任何資料。請重新上傳。"

_NOT_THERE = "沒有這個檔案，或已超過 1 小時而刪除。要知道是否匯入過，請再上傳一次：預覽顯示都不變，就是已經匯入。"


@dataclass(frozen=True)
class Preview:
    """What a list would do, changing nothing; ``digest`` says whether it still would."""

    report: Report
    rows: tuple[ShownRow, ...]
    digest: str


@dataclass(frozen=True)
class Brought:
    """A list that was put in, by this confirmation or by one before."""

    report: Report
    at: datetime
    is_new: bool


@dataclass(frozen=True)
class Standing:
    """How somebody's list stands: its preview while it waits, or what became of it."""

    number: int
    kind: Kind
    over_at: datetime
    """When it is deleted."""
    preview: Preview | None = None
    done: Brought | None = None


@dataclass(frozen=True)
class Ahead:
    """A list that was read, and what it would do, before anything is written; None: only putting it in tells."""

    sheet: Sheet
    planned: Imported | None


def read_ahead(ctx: Context, kind: Kind, name: str, content: bytes) -> Ahead:
    """Read a list that was sent, where ``ctx`` need only read: it takes seconds, in which others write.

    Raises ``ImportRefused`` with everything that is wrong, and ``NotAllowed``.
    """
    require_kind(ctx.actor, kind)
    return _ahead(ctx, kind, _form(name, content), content)


def read_kept(ctx: Context, number: int) -> Ahead | None:
    """Read one's own list that waits, as ``read_ahead`` does; None where there is none."""
    row = ctx.session.get(Upload, number)
    if row is None or row.account_id != account_of(ctx.actor) or row.state is not UploadState.WAITING:
        return None
    require_kind(ctx.actor, row.kind)
    return _ahead(ctx, row.kind, row.suffix, ctx.vault.open_bytes(row.content)) if row.content else None


def keep_upload(ctx: Context, kind: Kind, name: str, content: bytes, ahead: Ahead | None = None) -> int:
    """Keep a list that can be put in as it is, sealed; return its number. Another of its kind that waited goes.

    ``ahead`` is the list as it was read before. Raises as ``read_ahead`` does; nothing is kept then.
    """
    require_kind(ctx.actor, kind)
    form = _form(name, content)
    _planned(ctx, kind, ahead or _ahead(ctx, kind, form, content))
    account = account_of(ctx.actor)
    for before in _waiting(ctx, account, kind):
        _settle(ctx, before, UploadState.DROPPED)
    row = Upload(
        account_id=account, at=ctx.now, kind=kind, suffix=form, state=UploadState.WAITING,
        content=ctx.vault.seal_bytes(content), added=0, changed=0, same=0,
    )  # fmt: skip
    ctx.session.add(row)
    ctx.session.flush()
    ctx.note("import.kept", f"upload:{row.id}", (kind.value,))
    return row.id


def standing(ctx: Context, number: int, ahead: Ahead | None = None) -> Standing:
    """Return how one's own list stands, changing nothing; raises ``NotFound`` for another's.

    ``ahead`` is the list as it was read before. Raises ``Expired`` when its file is gone, ``ImportRefused`` where it
    cannot be put in any more.
    """
    row = _own(ctx, number)
    if row.state is UploadState.DONE:
        return Standing(row.id, row.kind, row.at + KEPT, done=_brought(row, is_new=False))
    content = _content(ctx, row)
    preview = _preview(_planned(ctx, row.kind, ahead or _ahead(ctx, row.kind, row.suffix, content)))
    ctx.note("import.shown", f"upload:{row.id}", (row.kind.value,))
    return Standing(row.id, row.kind, row.at + KEPT, preview=preview)


def confirm_upload(ctx: Context, number: int, digest: str, ahead: Ahead | None = None) -> Brought | Standing:
    """Put a list in as it was shown, once; where something else would come of it by now, return that instead.

    ``ahead`` is the list as it was read before: what it would do is compared before anything is written. Raises as
    ``standing`` does.
    """
    row = _own(ctx, number)
    if row.state is UploadState.DONE:
        return _brought(row, is_new=False)
    content = _content(ctx, row)
    try:
        if ahead and ahead.planned:
            _check_is_as_shown(ahead.planned, digest)
        sheet = ahead.sheet if ahead else _sheet(row.suffix, content)
        with told_if_busy(), ctx.attempt():
            done = put_list(ctx, row.kind, lambda: sheet, PATIENCE_SECONDS)
            _check_is_as_shown(done, digest)
    except _Moved as moved:
        return Standing(row.id, row.kind, row.at + KEPT, preview=moved.preview)
    row.added, row.changed, row.same = done.report.added, done.report.changed, done.report.same
    _settle(ctx, row, UploadState.DONE)
    return _brought(row, is_new=True)


def drop_upload(ctx: Context, number: int) -> bool:
    """Delete a list that waits; False when it was settled before. Raises ``NotFound`` for another's."""
    row = _own(ctx, number)
    if row.state is not UploadState.WAITING:
        return False
    _settle(ctx, row, UploadState.DROPPED)
    return True


def forget_uploads(ctx: Context, limit: int) -> int:
    """Forget lists that came an hour ago, whatever became of them; return how many."""
    over = select(Upload.id).where(Upload.at <= ctx.now - KEPT).limit(limit).with_for_update(skip_locked=True)
    found = ctx.session.scalars(over).all()
    if found:
        ctx.session.execute(delete(Upload).where(Upload.id.in_(found)))
        ctx.note_rows("import.forgotten", "upload", found, ("content",))
    return len(found)


class _Moved(Exception):
    """A list would do something else by now than was shown."""

    def __init__(self, preview: Preview) -> None:
        super().__init__()
        self.preview = preview


def _check_is_as_shown(done: Imported, digest: str) -> None:
    if _digest(done) != digest:
        raise _Moved(_preview(done))


def _form(name: str, content: bytes) -> Form:
    """Return what a file is by its name; raises ``ImportRefused`` for one that is not taken here."""
    if not name:
        raise _refused(_NOT_CHOSEN)
    if len(content) > BYTES_AT_MOST:
        raise _refused(_TOO_LARGE)
    try:
        return form_of(name)
    except InvalidInput as wrong:
        raise _refused(str(wrong)) from wrong


def _refused(text: str) -> ImportRefused:
    return ImportRefused((Problem(0, "", text),))


def _ahead(ctx: Context, kind: Kind, form: Form, content: bytes) -> Ahead:
    sheet = _sheet(form, content)
    return Ahead(sheet, plan_list(ctx, kind, sheet))


def _planned(ctx: Context, kind: Kind, ahead: Ahead) -> Imported:
    """Return what a list would do; where only putting it in tells, that is done and taken back."""
    if ahead.planned:
        return ahead.planned
    with told_if_busy(), ctx.attempt(keep=False):
        return put_list(ctx, kind, lambda: ahead.sheet, PATIENCE_SECONDS)


def _sheet(form: Form, content: bytes) -> Sheet:
    try:
        sheet = sheet_of(form, lambda: content)
    except InvalidInput as wrong:
        raise _refused(str(wrong)) from wrong
    if len(sheet.rows) > ROWS_AT_MOST:
        raise _refused(_TOO_MANY)
    if sheet.headings and not sheet.rows:
        raise _refused(_EMPTY)
    return sheet


def _preview(done: Imported) -> Preview:
    return Preview(done.report, shown_rows(done), _digest(done))


def _digest(done: Imported) -> str:
    """Return what says of each row what it does: other figures, or the same of other rows, give another."""
    return sha256("\n".join(row.put for row in done.rows).encode()).hexdigest()


def _own(ctx: Context, number: int) -> Upload:
    """Return one's own list, locked; raises ``NotFound`` for one that is forgotten, or another's (A28)."""
    row = ctx.session.scalar(
        select(Upload).where(Upload.id == number).with_for_update().execution_options(populate_existing=True)
    )
    if row is None or row.account_id != account_of(ctx.actor):
        raise NotFound(_NOT_THERE)
    require_kind(ctx.actor, row.kind)
    return row


def _content(ctx: Context, row: Upload) -> bytes:
    if row.content is None or row.at + KEPT <= ctx.now:
        raise Expired(_GONE)
    return ctx.vault.open_bytes(row.content)


def _waiting(ctx: Context, account: int, kind: Kind) -> Sequence[Upload]:
    of_it = (Upload.account_id == account, Upload.kind == kind, Upload.state == UploadState.WAITING)
    return ctx.session.scalars(select(Upload).where(*of_it).with_for_update()).all()


def _settle(ctx: Context, row: Upload, state: UploadState) -> None:
    row.state, row.content, row.settled_at = state, None, ctx.now
    ctx.note(f"import.{state}", f"upload:{row.id}", (row.kind.value,))
    ctx.session.flush()


def _brought(row: Upload, *, is_new: bool) -> Brought:
    return Brought(Report(row.added, row.changed, row.same), row.settled_at or row.at, is_new)
