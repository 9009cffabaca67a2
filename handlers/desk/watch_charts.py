"""The charts of 統計, each a picture of its own: the numbers of the table beside it, asked once more."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from flask import make_response, request
from werkzeug.wrappers import Response

from core.cards import Tone
from core.context import Context
from core.dates import roc
from core.duties.watch import Count, watch
from core.errors import NotFound
from core.notices.figures import Fate
from core.watch.due import due_weeks, late_now
from core.watch.helpdesk import Clock, Outcome, kinds, times
from core.watch.messages import SETTLED, messages_by_day
from core.watch.rules import Span
from handlers.desk import views
from handlers.desk.charts import NARROW, WIDE, Chart, Series
from handlers.desk.watch import asked_days

POLICY = "default-src 'none'; style-src 'unsafe-inline'; sandbox"
"""The picture's own: it loads nothing and runs nothing; its colours stand in it, for a picture can load no sheet."""
_OUTCOMES = {Outcome.IN_TIME: Tone.GOOD, Outcome.LATE: Tone.LATE, Outcome.RUNNING: Tone.PLAIN}
_FATES = {Fate.ACCEPTED: Tone.GOOD, Fate.DROPPED: Tone.PLAIN, Fate.FAILED: Tone.LATE}


def show(ctx: Context, name: str) -> Response:
    """Return a chart as a response of its own; what it shows is asked with the same rights as its table."""
    draw = _CHARTS.get(name)
    if draw is None:
        raise NotFound
    chart = draw(ctx)
    from handlers.desk.chart_drawing import drawn  # noqa: PLC0415 (its library is slow to load, and few look at charts)

    response = make_response(drawn(chart, NARROW if request.args.get("narrow") else WIDE))
    response.headers["Content-Type"] = "image/svg+xml"
    response.headers["Content-Security-Policy"] = POLICY
    response.headers["Cache-Control"] = "no-store"
    return response


def span_label(span: Span) -> str:
    """Return some days as a table and a chart name them: 03/04–03/08, or 05/04 以後."""
    first = _short(roc(span.first))
    return f"{first}–{_short(roc(span.last))}" if span.last else f"{first} 以後"


def _short(day: str) -> str:
    return day.partition("/")[2]


def _bureaus(ctx: Context) -> Chart:
    return _late(watch(ctx, None, 0, 1).bureaus)


def _units(ctx: Context) -> Chart:
    return _late(watch(ctx, views.asked_id("bureau"), views.start(), views.ROWS).units.rows)


def _late(counts: Sequence[Count]) -> Chart:
    late = Series("已逾期", Tone.LATE, tuple(each.late for each in counts))
    in_time = Series("期限內", Tone.GOOD, tuple(each.owed - each.late for each in counts))
    return Chart(tuple(each.name for each in counts), (late, in_time))


def _weeks(ctx: Context) -> Chart:
    weeks = due_weeks(ctx)
    late = Series("已逾期", Tone.LATE, (late_now(ctx), *(0 for _ in weeks)))
    due = Series("到期", Tone.GOOD, (0, *(each.owed for each in weeks)))
    return Chart(("已逾期", *(span_label(each.span) for each in weeks)), (late, due))


def _times(ctx: Context) -> Chart:
    days = asked_days()
    found = {clock: times(ctx, clock, days).counts for clock in Clock}
    series = (
        Series(each.label, tone, tuple(found[clock][each] for clock in Clock)) for each, tone in _OUTCOMES.items()
    )
    return Chart(tuple(clock.label for clock in Clock), tuple(series))


def _kinds(ctx: Context) -> Chart:
    found = kinds(ctx, asked_days())
    return Chart(tuple(kind.label for kind in found), (Series("件數", Tone.GOOD, tuple(found.values())),))


def _messages(ctx: Context) -> Chart:
    days = messages_by_day(ctx)
    series = (Series(fate.label, _FATES[fate], tuple(day.counts[fate] for day in days)) for fate in SETTLED)
    return Chart(tuple(_short(roc(day.on)) for day in days), tuple(series))


_CHARTS: dict[str, Callable[[Context], Chart]] = {
    "bureaus": _bureaus,
    "units": _units,
    "weeks": _weeks,
    "times": _times,
    "kinds": _kinds,
    "messages": _messages,
}
