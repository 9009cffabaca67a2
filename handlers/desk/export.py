"""匯出: any list of the desk as an Excel file, after a reason is given (A34, A64)."""

from __future__ import annotations

from collections.abc import Iterable

from flask import make_response, request
from werkzeug.wrappers import Response

from core.access import Action
from core.clock import TAIPEI
from core.context import Context
from core.errors import Broken, RulesBroken
from core.exports.rules import REASON_AT_MOST
from core.exports.service import File, Source, counted, export
from handlers.desk import texts, views
from handlers.desk.export_lists import Listed, listed
from handlers.pages.views import WRONG, Form, by_field

EXCEL = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
TYPED_AT_MOST = 2000  # characters of a reason that are looked at


def show(ctx: Context, which: str) -> Response:
    """Show how long the list is, and ask for the reason."""
    return _page(ctx, listed(which), Form())


def take(ctx: Context, which: str) -> Response:
    """Answer with the file, or show the form again with everything that stands in the way."""
    found, reason = listed(which), request.form.get("reason", "")[:TYPED_AT_MOST]
    wants_names = bool(request.form.get("names")) and _may_name(ctx, found)
    source = found.named() if wants_names and found.named is not None else found.source()
    try:
        return _file(export(ctx, source, reason))
    except RulesBroken as refused:
        typed = {"reason": reason, "names": "1" if wants_names else ""}
        return _page(ctx, found, Form(typed, _errors(refused.broken)))


def _page(ctx: Context, found: Listed, form: Form) -> Response:
    source: Source = found.source()
    return views.page(
        "export.html",
        WRONG if form.errors else 200,
        source=source,
        rows=counted(ctx, source),
        most=ctx.policy.export_rows_at_most,
        a_day=ctx.policy.exports_a_day,
        longest=REASON_AT_MOST,
        may_name=_may_name(ctx, found),
        address=request.full_path,
        form=form,
    )


def _may_name(ctx: Context, found: Listed) -> bool:
    return found.named is not None and ctx.actor.may(Action.SEE_NAMES)


def _file(file: File) -> Response:
    response = make_response(file.content)
    response.headers["Content-Type"] = EXCEL
    day = file.at.astimezone(TAIPEI)
    response.headers["Content-Disposition"] = f'attachment; filename="frontdoor-{day:%Y%m%d-%H%M}-{file.number}.xlsx"'
    response.headers["Cache-Control"] = "no-store"
    return response


def _errors(broken: Iterable[Broken]) -> dict[str, str]:
    return by_field(("reason" if each.field == texts.REASON else "", str(each)) for each in broken)
