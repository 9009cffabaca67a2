"""客服: the desk's lists of requests, searching them, and who takes new ones. An open list follows what happens.

An open page asks every second for a short mark (``core/helpdesk/pulse.py``), and fetches its rows anew when that has
changed. Chosen by measurement against server-sent events (``python -m tests.bench.desks``, 50 open desks, the eight
threads of the server, two processors under a load of nine): asking took 39 requests a second, a third of one processor
together with those who asked, and 790 ms at the 99th percentile; of 50 streams eight were served, one a thread, and
nothing else was answered meanwhile.
"""

from __future__ import annotations

from flask import flash, jsonify, redirect, request, url_for
from werkzeug.wrappers import Response

from core.context import Context
from core.helpdesk import assigning, queries
from core.helpdesk.pulse import lists_mark
from core.helpdesk.queries import SOLVED_COUNTED, DeskList
from handlers.desk import help_texts, views
from handlers.desk.help_rows import line_of
from handlers.pages.views import SEE_OTHER

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
    shown = _found(ctx, asked) if asked else _listed(ctx)
    counted = {which: count_words(which, count) for which, count in queries.counts(ctx).items()}
    return shown | {"asked": asked, "counts": counted, "is_on_duty": assigning.is_on_duty(ctx)}


def count_words(which: DeskList, count: int) -> str:
    """Return how many requests a list holds; of the solved, which are counted up to a bound, that it is reached."""
    is_more = which is DeskList.SOLVED and count > SOLVED_COUNTED
    return help_texts.MANY.format(count=SOLVED_COUNTED) if is_more else str(count)


def _listed(ctx: Context) -> dict[str, object]:
    which = views.asked_member(DeskList, "list") or DeskList.ALL
    found = queries.in_list(ctx, which, views.start(), views.ROWS)
    lines = tuple(line_of(ctx, row) for row in found.rows)
    return {"which": which, "lines": lines, "pager": _pager(which, found.total, len(lines))}


def _found(ctx: Context, asked: str) -> dict[str, object]:
    lines = tuple(line_of(ctx, row) for row in queries.search(ctx, asked))
    return {"which": None, "lines": lines, "pager": views.Pager(len(lines), 0, len(lines), "", "")}


def _pager(which: DeskList, total: int, shown: int) -> views.Pager:
    """Return the pages before and after, as addresses of the whole page, whether this is it or its part."""
    start = views.start()
    before = _at(which, views.before_of(total, start)) if start else ""
    after = _at(which, start + views.ROWS) if shown and start + shown < total else ""
    if which is DeskList.SOLVED and total > SOLVED_COUNTED:
        return views.Pager(SOLVED_COUNTED, start, shown, before, after, is_more=True)
    return views.Pager(total, start, shown, before, after)


def _at(which: DeskList, start: int) -> str:
    return url_for("desk.help", list=which.value, start=start or None)
