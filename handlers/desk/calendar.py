"""上班日: what was decided about days, and amending one: what would move is shown first, then confirmed (A45).

Duties are counted and not named: cases and checks are not the administrators'.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

from flask import flash, redirect, request, url_for
from werkzeug.wrappers import Response

from core.amendments import DayStatus
from core.calendar_changes import (
    LONGEST_REASON,
    AmendmentPlan,
    DayChange,
    PlannedDay,
    apply_amendment,
    decisions,
    plan_amendment,
)
from core.context import Context
from core.dates import parse_date
from core.due_words import roc_day
from core.duties.plans import DutyKind
from core.duties.recomputing import What
from core.errors import InvalidInput
from handlers.desk import texts, views
from handlers.desk.refusals import CONFLICT
from handlers.pages.views import NOT_DONE, SEE_OTHER, WRONG, Form

TYPED_AT_MOST = 200  # characters of a field that are looked at
DAY, STATUS, REASON = "日期", "決定", "原因"
NAMES = {DAY: "day", STATUS: "status", REASON: "reason"}
"""The form's fields, by the names that refusals give them."""


@dataclass(frozen=True)
class Preview:
    """What an amendment would do: the day before and after, and how many moments of each kind move."""

    days: tuple[str, ...]
    moves: tuple[tuple[DutyKind, What, int], ...]
    digest: str


def show(ctx: Context) -> Response:
    """Show what was decided; with a day in the address, what its amendment would move."""
    if "day" not in request.args:
        return _page(ctx, Form())
    typed = _typed(request.args)
    try:
        plan = plan_amendment(ctx, (_change(typed),))
    except InvalidInput as refused:
        return _wrong(ctx, typed, refused)
    if not plan.days:
        return _page(ctx, Form(typed, {"": texts.DAY_STANDS}))
    return _page(ctx, Form(typed), preview=_preview(plan))


def amend(ctx: Context) -> Response:
    """Amend a day as it was shown; where something else would come out by now, that is shown first."""
    typed = _typed(request.form)
    try:
        plan = plan_amendment(ctx, (_change(typed),))
    except InvalidInput as refused:
        return _wrong(ctx, typed, refused)
    if not plan.days:
        flash(texts.DAY_STANDS, NOT_DONE)
    elif plan.digest != request.form.get("digest"):
        return _page(ctx, Form(typed, {"": texts.PLAN_MOVED}), CONFLICT, _preview(plan))
    else:
        moved = apply_amendment(ctx, plan)
        flash(texts.DAY_AMENDED.format(day=_day_words(plan.days[0]), moved=moved))
    return redirect(url_for("desk.calendar"), SEE_OTHER)


def _page(ctx: Context, form: Form, status: int = 200, preview: Preview | None = None) -> Response:
    first, last = ctx.today.replace(month=1, day=1), ctx.today.replace(year=ctx.today.year + 1, month=12, day=31)
    found = decisions(ctx, first, last, views.start(), views.ROWS)
    return views.page(
        "calendar.html",
        status,
        form=form,
        statuses=tuple(DayStatus),
        preview=preview,
        longest=LONGEST_REASON,
        rows=found.rows,
        span=(first, last),
        pager=views.pager(found.total, views.start(), len(found.rows)),
    )


def _wrong(ctx: Context, typed: dict[str, str], refused: InvalidInput) -> Response:
    return _page(ctx, Form(typed, {NAMES.get(refused.field, ""): str(refused)}), WRONG)


def _typed(source: Mapping[str, str]) -> dict[str, str]:
    return {name: source.get(name, "")[:TYPED_AT_MOST] for name in NAMES.values()}


def _change(typed: Mapping[str, str]) -> DayChange:
    day = parse_date(typed["day"], field=DAY)
    status = next((each for each in DayStatus if each.value == typed["status"]), None)
    if status is None:
        raise InvalidInput(texts.NO_STATUS, field=STATUS)
    return DayChange(day, status, typed["reason"])


def _preview(plan: AmendmentPlan) -> Preview:
    counted = Counter((each.kind, each.what) for each in plan.moves)
    moves = tuple((kind, what, count) for (kind, what), count in counted.most_common())
    return Preview(tuple(_day_words(each) for each in plan.days), moves, plan.digest)


def _day_words(planned: PlannedDay) -> str:
    was, becomes = (
        (DayStatus.WORKING if is_working else DayStatus.OFF).label
        for is_working in (planned.was_working, planned.is_working)
    )
    reason = f"（{planned.reason}）" if planned.reason else ""
    return f"{roc_day(planned.day)}：{was} → {becomes}{reason}"
