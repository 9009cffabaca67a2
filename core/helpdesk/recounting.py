"""The helpdesk's deadlines when days become worked or free: they run in working time, so they move along (HELP-6, A45).

What was left on the first of the changed days is left still, in the hours of the new calendar. A request that waits for
who asked has no deadline that could move.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from sqlalchemy import select

from core import amendments
from core.clock import start_of_day
from core.context import Context
from core.duties.models import Duty, SubjectKind
from core.duties.plans import DutyKind
from core.duties.recomputing import CalendarChange, Move, What
from core.helpdesk.clocks import clocks_of, set_clocks
from core.helpdesk.hours import after_working, working_between
from core.helpdesk.models import HelpRequest

DEADLINES = (DutyKind.REQUEST_ANSWER, DutyKind.REQUEST_SOLUTION)


def moved_deadlines(ctx: Context, change: CalendarChange, *, lock: bool) -> Iterator[Move]:
    """Yield the deadlines of open requests that move; ``lock`` holds the requests that owe anything from then on."""
    first = start_of_day(min(change.days))
    wanted = (
        select(Duty)
        .where(
            Duty.subject_kind == SubjectKind.HELP,
            Duty.kind.in_(DEADLINES),
            Duty.ended_at.is_(None),
            Duty.due_at >= first,
        )
        .order_by(Duty.subject_id, Duty.id)
    )
    if lock:
        _hold(ctx, ctx.session.scalars(wanted.with_only_columns(Duty.subject_id)).all())
    duties = ctx.session.scalars(wanted.execution_options(populate_existing=True)).all()
    for duty in duties:
        start = max(duty.counted_from, first)
        left = working_between(start, duty.due_at, change.old)
        after = after_working(start, left, change.new)
        if after not in (duty.due_at, after_working(start, left, change.old)):
            yield Move(duty.id, duty.kind, str(duty.subject_id), What.DUE, duty.due_at, after)


def move_deadlines(ctx: Context, moves: Sequence[Move]) -> None:
    """Let the clocks of these requests, their alarms and duties stand as the calendar has it now."""
    afters = {move.duty_id: move.after for move in moves if move.what is What.DUE}
    now_holds = replace(ctx, reckoned_by=amendments.load(ctx.session))
    for duty in ctx.session.scalars(select(Duty).where(Duty.id.in_(afters)).order_by(Duty.id)).all():
        row = ctx.session.get_one(HelpRequest, duty.subject_id)
        clocks, due = clocks_of(row), afters[duty.id]
        is_answer = duty.kind is DutyKind.REQUEST_ANSWER
        set_clocks(now_holds, row, replace(clocks, answer_due=due) if is_answer else replace(clocks, solve_due=due))


def _hold(ctx: Context, numbers: Sequence[int]) -> None:
    held = select(HelpRequest).where(HelpRequest.id.in_(numbers)).order_by(HelpRequest.id)
    ctx.session.scalars(held.with_for_update().execution_options(populate_existing=True)).all()
