"""Lists of duties, from all units seen, one bureau or one unit; and how one deadline was reckoned (DUTY)."""

from __future__ import annotations

from flask import request
from werkzeug.wrappers import Response

from core.context import Context
from core.duties.explain import explain
from core.duties.plans import DutyKind
from core.duties.queries import owed_among
from core.duties.rules import StageKind
from core.duties.untold import why_not_told
from core.duties.watch import Place, owed_at
from core.duties.working_notices import working_answer
from core.errors import NotFound
from handlers.desk import views
from handlers.desk.decisions import ways
from handlers.desk.rows import of_duty

STAGES = {
    StageKind.BEFORE: "到期前提醒",
    StageKind.DUE_DAY: "到期當天提醒",
    StageKind.ARISES: "新的待辦",
    StageKind.LATE: "逾期提醒",
    StageKind.GOES_UP: "轉請督導協助",
    None: "已寫好的通知",
}
"""What a reminder would have said, in words; None: a notice, whatever it said."""


def show_list(ctx: Context) -> Response:
    """Show the duties behind a number, by due moment."""
    place = asked_place()
    late_only, start = request.args.get("late") == "1", views.start()
    found = owed_at(ctx, place, start, views.ROWS, late_only=late_only)
    return views.page(
        "duties.html",
        name=found.name,
        place=place,
        late_only=late_only,
        rows=tuple(of_duty(row) for row in found.owed.rows),
        pager=views.pager(found.owed.total, start, len(found.owed.rows)),
    )


def asked_place() -> Place:
    """Return which duties the address asks for; raises ``NotFound`` for what names none."""
    return Place(views.asked_id("unit"), views.asked_id("bureau"), views.asked_member(DutyKind, "kind"))


def show_working(ctx: Context, duty_id: int) -> Response:
    """Show how a deadline was reckoned, and what it is about while it is still owed."""
    if duty_id > views.HIGHEST:
        raise NotFound
    (card,) = working_answer(explain(ctx, duty_id)).messages
    rows = owed_among(ctx, (duty_id,), 1).rows
    shown = tuple(of_duty(row) for row in rows)
    return views.page(
        "working.html",
        card=card,
        rows=shown,
        ways=tuple(way for row in rows for way in ways(row)),
        untold=why_not_told(ctx, duty_id),
        stages=STAGES,
    )
