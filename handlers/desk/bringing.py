"""匯入: the main system's lists, brought in by the Center: what a list would do is shown, then it is done once.

A list is sent by a form and kept by the core, sealed, until it is confirmed: here it only passes through.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeVar

from flask import flash, make_response, redirect, request, url_for
from werkzeug.wrappers import Response

from core.context import Context
from core.errors import Expired, NotFound
from core.imports.examples import example_list
from core.imports.kinds import Kind, kinds_for
from core.imports.results import ImportRefused, Problem
from core.imports.uploads import (
    BYTES_AT_MOST,
    ROWS_AT_MOST,
    Ahead,
    Standing,
    confirm_upload,
    drop_upload,
    keep_upload,
    read_ahead,
    read_kept,
    standing,
)
from handlers.desk import bringing_texts as texts
from handlers.desk import views
from handlers.desk.export import EXCEL
from handlers.desk.refusals import CONFLICT
from handlers.pages.views import NOT_DONE, SEE_OTHER, WRONG, Form

PROBLEMS_AT_MOST = 200  # on one page; how many are left is said
DIGEST_AT_MOST = 100

T = TypeVar("T")


def show(ctx: Context) -> Response:
    """Show what can be brought in, and how."""
    return _page(ctx, Form())


@dataclass(frozen=True)
class Sent:
    """A list that was sent, and as it was read; or what is wrong with it."""

    kind: Kind
    name: str
    content: bytes
    ahead: Ahead | ImportRefused


def read(ctx: Context) -> Sent | None:
    """Read the list that is sent, before anything is written; None where it is of no kind."""
    kind = _kind(ctx, request.form.get("kind", ""))
    if kind is None:
        return None
    file = request.files.get("file")
    name, content = (file.filename or "", file.stream.read()) if file else ("", b"")
    return Sent(kind, name, content, _or_refused(lambda: read_ahead(ctx, kind, name, content)))


def send(ctx: Context, ahead: Sent | None) -> Response:
    """Take a list and lead to its preview; one that is wrong is shown with all that is wrong in it, and not kept."""
    if ahead is None:
        return _page(ctx, Form(errors={"kind": texts.NO_KIND}), WRONG)
    try:
        number = keep_upload(ctx, ahead.kind, ahead.name, ahead.content, _right(ahead.ahead))
    except ImportRefused as refused:
        return _refused(ctx, ahead.kind, refused)
    return redirect(url_for("desk.bring_preview", number=number), SEE_OTHER)


def read_again(ctx: Context, number: int) -> Ahead | ImportRefused | None:
    """Read a list that is kept, before anything is written; None where there is none that waits."""
    return _or_refused(lambda: read_kept(ctx, views.stored_id(number)))


def preview(ctx: Context, number: int, ahead: Ahead | ImportRefused | None) -> Response:
    """Show what a list would do, or what became of it."""
    try:
        return _shown(standing(ctx, views.stored_id(number), _right(ahead)))
    except Expired as gone:
        return _back(str(gone))
    except ImportRefused as refused:
        return _wrong_by_now(ctx, refused)


def confirm(ctx: Context, number: int, ahead: Ahead | ImportRefused | None) -> Response:
    """Put a list in as it was shown; where something else would come of it by now, that is shown first."""
    digest = request.form.get("digest", "")[:DIGEST_AT_MOST]
    try:
        done = confirm_upload(ctx, views.stored_id(number), digest, _right(ahead))
    except Expired as gone:
        return _back(str(gone))
    except ImportRefused as refused:
        return _wrong_by_now(ctx, refused)
    if isinstance(done, Standing):
        return _shown(done, texts.MOVED, CONFLICT)
    if not done.is_new:
        flash(texts.BROUGHT_BEFORE, NOT_DONE)
    return redirect(url_for("desk.bring_preview", number=number), SEE_OTHER)


def drop(ctx: Context, number: int) -> Response:
    """Delete a list that is not to be put in."""
    if drop_upload(ctx, views.stored_id(number)):
        flash(texts.DROPPED)
        return redirect(url_for("desk.bring"), SEE_OTHER)
    return _back(texts.DROPPED_BEFORE)


def template(ctx: Context, which: str) -> Response:
    """Hand out a list with its headings and an invented row, to be filled in."""
    kind = _kind(ctx, which)
    if kind is None:
        raise NotFound
    response = make_response(example_list(kind, ctx.now))
    response.headers["Content-Type"] = EXCEL
    response.headers["Content-Disposition"] = f'attachment; filename="{kind.value}.xlsx"'
    return response


def _or_refused(read_list: Callable[[], T]) -> T | ImportRefused:
    try:
        return read_list()
    except ImportRefused as refused:
        return refused


def _right(ahead: Ahead | ImportRefused | None) -> Ahead | None:
    """Return a list as it was read, or raise what is wrong with it: the page says it."""
    if isinstance(ahead, ImportRefused):
        raise ahead
    return ahead


def _kind(ctx: Context, value: str) -> Kind | None:
    return next((kind for kind in kinds_for(ctx.actor) if kind.value == value), None)


def _page(
    ctx: Context, form: Form, status: int = 200, problems: tuple[Problem, ...] = (), ignored: tuple[str, ...] = ()
) -> Response:
    kinds = kinds_for(ctx.actor)
    return views.page(
        "bring.html",
        status,
        form=form,
        kinds=kinds,
        problems=problems[:PROBLEMS_AT_MOST],
        wrong=len(problems),
        ignored=ignored,
        kilobytes=BYTES_AT_MOST // 2**10,
        rows_at_most=f"{ROWS_AT_MOST:,}",
    )


def _refused(ctx: Context, kind: Kind, refused: ImportRefused) -> Response:
    """Show what is wrong: with the file as a whole beside its field, with its rows in a list."""
    whole = [each.reason for each in refused.problems if not each.row]
    form = Form({"kind": kind.value}, {"file": "".join(whole)} if whole else {})
    in_rows = tuple(each for each in refused.problems if each.row)
    return _page(ctx, form, WRONG, in_rows, refused.ignored_columns)


def _wrong_by_now(ctx: Context, refused: ImportRefused) -> Response:
    return _page(ctx, Form(errors={"": texts.NOT_ANY_MORE}), CONFLICT, refused.problems, refused.ignored_columns)


def _shown(found: Standing, said: str = "", status: int = 200) -> Response:
    return views.page("bring_preview.html", status, found=found, said=said, does=texts.DOES, counted=texts.counted)


def _back(told: str) -> Response:
    flash(told, NOT_DONE)
    return redirect(url_for("desk.bring"), SEE_OTHER)
