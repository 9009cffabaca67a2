"""客服: the desk's lists of requests, searching them, and who takes new ones. An open list follows what happens.

An open page asks every second for a short mark (``core/helpdesk/pulse.py``), and fetches its rows anew when that has
changed. Chosen by measurement against server-sent events (``python -m tests.bench.desks``, 50 open desks, the eight
threads of the server, two processors under a load of nine): asking took 39 requests a second, a third of one processor
together with those who asked, and 790 ms at the 99th percentile; of 50 streams eight were served, one a thread, and
nothing else was answered meanwhile.
"""

from __future__ import annotations

from collections.abc import Mapping

from flask import flash, jsonify, redirect, request, url_for
from werkzeug.wrappers import Response

from core.context import Context
from core.helpdesk import assigning, queries
from core.helpdesk.pulse import lists_mark
from core.helpdesk.queries import SOLVED_COUNTED, DeskList, RequestRow
from core.paging import Page
from handlers.desk import help_texts, views
from handlers.desk.help_rows import line_of
from handlers.pages.views import SEE_OTHER

WITH_SOLVED = frozenset({DeskList.SOLVED, DeskList.ALL})
ASKED_AT_MOST = 100  # characters of what is searched for that are looked at


def show(ctx: Context) -> Response:
    """Show a list of requests, or those in which somebody wrote what is searched for."""
    return views.page("help.html", 200, mark=lists_mark(ctx), **_shown(ctx))


def show_part(ctx: Context) -> Response:
    """Show the same without what stands around it, for a page that is open already."""
    return views.page("help_part.html", 200, **_shown(ctx))


def news(ctx: Context) -> Response:
    """Answer the mark of the lists: another mark, and the page fetches its rows anew."""
    return jsonify(mark=lists_mark(ctx))


def turn_duty(ctx: Context) -> Response:
    """Begin or end taking requests."""
    on_duty = request.form.get("on") == "1"
    assigning.set_on_duty(ctx, on_duty=on_duty)
    flash(help_texts.ON_DUTY if on_duty else help_texts.OFF_DUTY)
    return redirect(url_for("desk.help"), SEE_OTHER)


def _shown(ctx: Context) -> dict[str, object]:
    asked = request.args.get("q", "")[:ASKED_AT_MOST].strip()
    counts = queries.counts(ctx)
    shown = _found(ctx, asked) if asked else _listed(ctx, counts)
    words = {
        which: help_texts.MANY.format(count=count - 1) if _is_more(which, counts) else str(count)
        for which, count in counts.items()
    }
    return shown | {"asked": asked, "counts": words, "is_on_duty": assigning.is_on_duty(ctx)}


def _listed(ctx: Context, counts: Mapping[DeskList, int]) -> dict[str, object]:
    which = views.asked_member(DeskList, "list") or DeskList.UNSOLVED
    found = queries.in_list(ctx, which, views.start(), views.ROWS)
    lines = tuple(line_of(ctx, row) for row in found.rows)
    order = help_texts.NEWEST_FIRST if which in WITH_SOLVED else help_texts.DUE_FIRST
    total = counts[which] - 1 if _is_more(which, counts) else found.total
    pager = _pager(which, found, total, is_more=_is_more(which, counts))
    return {"which": which, "lines": lines, "order": order, "pager": pager, "empty": help_texts.EMPTY[which]}


def _found(ctx: Context, asked: str) -> dict[str, object]:
    lines = tuple(line_of(ctx, row) for row in queries.search(ctx, asked))
    pager = views.Pager(len(lines), 0, len(lines), "", "")
    return {"which": None, "lines": lines, "order": help_texts.NEWEST_FIRST, "pager": pager}


def _is_more(which: DeskList, counts: Mapping[DeskList, int]) -> bool:
    """Return whether a list holds more than is counted: solved ones are among it, and their bound is reached."""
    return which in WITH_SOLVED and counts[DeskList.SOLVED] > SOLVED_COUNTED


def _pager(which: DeskList, found: Page[RequestRow], total: int, *, is_more: bool) -> views.Pager:
    """Return the pages before and after, as addresses of the whole page, whether this is it or its part."""
    start, shown = views.start(), len(found.rows)
    before = _at(which, views.before_of(found.total, start)) if start else ""
    after = _at(which, start + views.ROWS) if shown and start + shown < found.total else ""
    return views.Pager(total, start, shown, before, after, is_more)


def _at(which: DeskList, start: int) -> str:
    return url_for("desk.help", list=which.value, start=start or None)
