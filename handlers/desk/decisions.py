"""How the core came to a decision, step by step with the numbers of its rules: the same data the chat shows."""

from __future__ import annotations

from flask import url_for
from werkzeug.wrappers import Response

from core.checks.filled import explain_check
from core.context import Context
from core.decision_words import decision_answer
from core.dispatches.explain import explain_light
from core.duties.queries import CASE_KINDS, CHECK_KINDS, OwedRow
from core.explaining import Decision
from handlers.desk import views


def show_light(ctx: Context, number: str) -> Response:
    """Show how a case came to its light (REC-7)."""
    return _page(explain_light(ctx, number), number)


def show_check(ctx: Context, number: str) -> Response:
    """Show how a meal-station check came to its bucket (CHK-2)."""
    return _page(explain_check(ctx, number), number)


def ways(row: OwedRow) -> tuple[views.Way, ...]:
    """Return where the decisions behind a duty are explained."""
    if row.kind in CASE_KINDS:
        return (views.Way(url_for("desk.light", number=row.number), f"案件 {row.number} 的燈號怎麼來的"),)
    if row.kind in CHECK_KINDS:
        return (views.Way(url_for("desk.check_bucket", number=row.number), f"檢核單 {row.number} 的歸類怎麼來的"),)
    return ()


def _page(decision: Decision, number: str) -> Response:
    (card,) = decision_answer(decision).messages
    return views.page("working.html", card=card, about=number, rows=(), ways=())
