"""Waiting times that run out: told to who works on the request, and once late to who leads the desk (HELP-6)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select

from core.context import Context
from core.helpdesk import assigning, notices, rules
from core.helpdesk.clocks import clocks_of
from core.helpdesk.models import HelpRequest
from core.helpdesk.rules import LATE_ALARMS, Alarm
from core.helpdesk.standing import IS_UNSOLVED
from core.notices.models import NoticeKind, Urgency
from core.notices.service import ToAccount, say


def ring(ctx: Context, limit: int) -> int:
    """Tell of the requests whose alarm has come, each once; return how many. Alarms that were missed ring as one."""
    due = ctx.session.scalars(
        select(HelpRequest)
        .where(HelpRequest.warn_at <= ctx.now, IS_UNSOLVED)
        .order_by(HelpRequest.warn_at)
        .limit(limit)
        .with_for_update(skip_locked=True)
    ).all()
    for row in due:
        _ring(ctx, row)
    return len(due)


def _ring(ctx: Context, row: HelpRequest) -> None:
    clocks, before = clocks_of(row), row.warn_at
    newest = rules.newest_ring(clocks, ctx.now, ctx.calendar, ctx.policy)
    following = rules.next_ring(clocks, ctx.now, ctx.calendar, ctx.policy)
    row.warn_at = following.at if following else None
    if newest is None or before is None:
        return
    due_at = clocks.answer_due if newest.alarm in (Alarm.ANSWER_SOON, Alarm.ANSWER_LATE) else clocks.solve_due
    _tell(ctx, row, newest.alarm, due_at or newest.at)


def _tell(ctx: Context, row: HelpRequest, alarm: Alarm, due_at: datetime) -> None:
    answer = notices.waiting_time(row.id, row.kind, alarm, due_at)
    for account in dict.fromkeys(_told(ctx, row, alarm)):
        key = f"help:{row.id}:{alarm}:{due_at.isoformat()}:{account}"
        say(ctx, to=ToAccount(account), answer=answer, kind=NoticeKind.REMINDER, key=key, urgency=Urgency.AT_ONCE)


def _told(ctx: Context, row: HelpRequest, alarm: Alarm) -> Sequence[int]:
    """Return who is told: who has the request, else who is on duty, else all of the desk; the lead too once late."""
    owning = (row.agent_id,) if row.agent_id else assigning.agents_on_duty(ctx) or assigning.agents(ctx)
    return (*owning, *assigning.leads(ctx)) if alarm in LATE_ALARMS else tuple(owning)
