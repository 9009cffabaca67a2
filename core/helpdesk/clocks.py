"""A request's clocks between its row and the rules, and the duties that stand for them (HELP-6, DUTY-1)."""

from __future__ import annotations

from datetime import timedelta

from core.context import Context
from core.duties.models import Ending, SubjectKind
from core.duties.plans import DutyKind
from core.duties.service import NewDuty, end_duty, open_duty
from core.helpdesk import rules
from core.helpdesk.models import HelpRequest
from core.helpdesk.rules import Clocks


def clocks_of(row: HelpRequest) -> Clocks:
    """Return the clocks of a request."""
    return Clocks(row.answer_due_at, row.solve_due_at, timedelta(seconds=row.solve_left))


def set_clocks(ctx: Context, row: HelpRequest, clocks: Clocks) -> None:
    """Keep the clocks of a request, its next alarm, and what the desk owes by them."""
    row.answer_due_at, row.solve_due_at = clocks.answer_due, clocks.solve_due
    row.solve_left = round(clocks.solve_left.total_seconds())
    ring = rules.next_ring(clocks, ctx.now, ctx.calendar, ctx.policy)
    row.warn_at = ring.at if ring else None
    ctx.session.flush()
    _owe(ctx, row, DutyKind.REQUEST_ANSWER, clocks)
    _owe(ctx, row, DutyKind.REQUEST_SOLUTION, clocks)


def stop_clocks(ctx: Context, row: HelpRequest, ending: Ending) -> None:
    """End what the desk owes for a request: it is solved, or who asked needs nothing more."""
    row.answer_due_at = row.solve_due_at = row.warn_at = None
    row.solve_left = 0
    for kind in (DutyKind.REQUEST_ANSWER, DutyKind.REQUEST_SOLUTION):
        end_duty(ctx, kind, SubjectKind.HELP, row.id, ending)


def _owe(ctx: Context, row: HelpRequest, kind: DutyKind, clocks: Clocks) -> None:
    is_answer = kind is DutyKind.REQUEST_ANSWER
    due_at = clocks.answer_due if is_answer else clocks.solve_due
    if due_at is None:
        end_duty(ctx, kind, SubjectKind.HELP, row.id, Ending.MET if is_answer else Ending.VOID)
        return
    open_duty(ctx, NewDuty(kind, SubjectKind.HELP, row.id, None, None, row.asked_at, due_at))
