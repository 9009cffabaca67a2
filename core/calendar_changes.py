"""A calendar that changes: what an amendment of days would move, and doing it once somebody confirmed it (A45).

A plan is reckoned and shown first; applying it reckons again in its own transaction and refuses when the outcome is no
longer what was shown. What working days touch is in ``RECOUNTS``: the days of reminders, and the helpdesk's deadlines,
which run in working time. All other deadlines count days off and never move.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import delete, func, select, text

from core import amendments
from core.access import Action, require
from core.actor_words import actor_words
from core.amendments import AmendmentVersion, CalendarAmendment, DayStatus
from core.calendar import Amendment, WorkCalendar
from core.context import Context
from core.database import is_sqlite
from core.dates import roc, roc_moment
from core.duties.recomputing import CalendarChange, Move, What, move_reminders, moved_reminders
from core.errors import Conflict, InvalidInput
from core.helpdesk.recounting import move_deadlines, moved_deadlines
from core.paging import Page, clamped

LONGEST_REASON = 60  # characters; it stands in a line of a working
DAYS_A_PLAN = 60


@dataclass(frozen=True)
class DayChange:
    """What is asked: a day is to be worked, off, or as published again; ``reason`` is Chinese and shown to people."""

    day: date
    status: DayStatus
    reason: str = ""


@dataclass(frozen=True)
class PlannedDay:
    """A day that changes: what was decided about it before, what is now, and whether it is worked before and after."""

    day: date
    was: DayStatus
    was_reason: str
    status: DayStatus
    reason: str
    was_working: bool
    is_working: bool


@dataclass(frozen=True)
class AmendmentPlan:
    """What an amendment changes: the days, and every moment of open duties that moves. Empty: all stands as asked."""

    days: tuple[PlannedDay, ...]
    moves: tuple[Move, ...]

    @property
    def digest(self) -> str:
        """A fingerprint of all that was shown: equal only where nothing would come out otherwise."""
        return hashlib.sha256(repr((self.days, self.moves)).encode()).hexdigest()


@dataclass(frozen=True)
class VersionRow:
    """One decision about a day as it is listed."""

    day: date
    status: DayStatus
    reason: str
    was: DayStatus
    was_reason: str
    decided_by: str
    decided_at: datetime


@dataclass(frozen=True)
class Recount:
    """Something that working days touch: how to find what moves (and lock it on the way), and how to write it."""

    find: Callable[[Context, CalendarChange, bool], Iterator[Move]]
    write: Callable[[Context, Sequence[Move]], None]


RECOUNTS = (
    Recount(lambda ctx, change, lock: moved_reminders(ctx, change, lock=lock), move_reminders),
    Recount(lambda ctx, change, lock: moved_deadlines(ctx, change, lock=lock), move_deadlines),
)


_NOTED = (
    ("calendar.moved_reminders", What.NEXT_REMINDER, "remind_at"),
    ("calendar.moved_deadlines", What.DUE, "due_at"),
)


def plan_amendment(ctx: Context, changes: Sequence[DayChange]) -> AmendmentPlan:
    """Return what these changes would do, and do nothing; days that stand as asked are left out.

    Raises ``NotAllowed``, or ``InvalidInput`` for no day, too many, one twice, or a reason that is missing or too long.
    """
    require(ctx.actor, Action.CHANGE_CALENDAR)
    plan = _reckon(ctx, _checked(changes), lock=False)
    _note_duties(ctx, "show_duties", plan.moves, "number")
    return plan


def apply_amendment(ctx: Context, plan: AmendmentPlan) -> int:
    """Do what was planned and return how many moments moved; an empty plan does nothing.

    Raises ``NotAllowed``, or ``Conflict`` when calendar or duties changed since, so that something else would come out.
    """
    require(ctx.actor, Action.CHANGE_CALENDAR)
    _lock_calendar(ctx)
    changes = [DayChange(each.day, each.status, each.reason) for each in plan.days]
    fresh = _reckon(ctx, changes, lock=True)
    if fresh.digest != plan.digest:
        raise Conflict(_who_was_first(ctx, plan, fresh))
    for day in fresh.days:
        _decide(ctx, day)
    for recount in RECOUNTS:
        recount.write(ctx, fresh.moves)
    for act, what, field in _NOTED:
        _note_duties(ctx, act, [move for move in fresh.moves if move.what is what], field)
    return len(fresh.moves)


def decisions(ctx: Context, first: date, last: date, start: int, limit: int) -> Page[VersionRow]:
    """Return what was decided about days from ``first`` to ``last``, day by day in order; raises ``NotAllowed``."""
    require(ctx.actor, Action.CHANGE_CALENDAR)
    row = AmendmentVersion
    wanted = row.day.between(first, last)
    total = ctx.session.scalar(select(func.count()).select_from(row).where(wanted)) or 0
    columns = (row.day, row.status, row.reason, row.was, row.was_reason, row.decided_by, row.decided_at)
    found = select(*columns).where(wanted).order_by(row.day, row.id).offset(start).limit(clamped(limit))
    rows = ctx.session.execute(found)
    return Page(total, tuple(VersionRow(*each) for each in rows), start)


def _checked(changes: Sequence[DayChange]) -> list[DayChange]:
    if not changes or len(changes) > DAYS_A_PLAN:
        raise InvalidInput(f"一次可以變更 1 到 {DAYS_A_PLAN} 天，請分次輸入。", field="日期")
    if len({each.day for each in changes}) < len(changes):
        raise InvalidInput("同一天出現兩次。每一天請只寫一次。", field="日期")
    return [DayChange(each.day, each.status, _reason(each)) for each in changes]


def _reason(change: DayChange) -> str:
    """Return the reason in one line; a day as published again needs none."""
    reason = "".join(each for each in " ".join(change.reason.split()) if each.isprintable())
    if not reason and change.status is not DayStatus.PUBLISHED:
        raise InvalidInput("請填寫原因，使用者看得到，例如「颱風停班」。", field="原因")
    if len(reason) > LONGEST_REASON:
        raise InvalidInput(f"原因最多 {LONGEST_REASON} 個字，目前 {len(reason)} 個字，請縮短。", field="原因")
    return reason


def _reckon(ctx: Context, changes: Sequence[DayChange], *, lock: bool) -> AmendmentPlan:
    old = amendments.load(ctx.session)
    new = _amended(old, changes)
    days = tuple(day for each in changes if (day := _planned(old, new, each)) is not None)
    turned = tuple(each.day for each in days if each.was_working != each.is_working)
    if not turned:
        return AmendmentPlan(days, ())
    change = CalendarChange(old, new, turned)
    moves = (move for recount in RECOUNTS for move in recount.find(ctx, change, lock))
    return AmendmentPlan(days, tuple(moves))


def _amended(calendar: WorkCalendar, changes: Sequence[DayChange]) -> WorkCalendar:
    decided = dict(calendar.amendments)
    for each in changes:
        if each.status is DayStatus.PUBLISHED:
            decided.pop(each.day, None)
        else:
            decided[each.day] = Amendment(each.day, each.status is DayStatus.WORKING, each.reason)
    return WorkCalendar(decided)


def _planned(old: WorkCalendar, new: WorkCalendar, change: DayChange) -> PlannedDay | None:
    """Return how a day changes; None where it stands as asked."""
    before = old.amendments.get(change.day)
    if before == new.amendments.get(change.day):
        return None
    return PlannedDay(
        day=change.day,
        was=_status(before),
        was_reason=before.reason if before else "",
        status=change.status,
        reason=change.reason,
        was_working=old.is_working_day(change.day),
        is_working=new.is_working_day(change.day),
    )


def _status(amendment: Amendment | None) -> DayStatus:
    if amendment is None:
        return DayStatus.PUBLISHED
    return DayStatus.WORKING if amendment.is_working else DayStatus.OFF


def _lock_calendar(ctx: Context) -> None:
    """Let one amendment in at a time; who reads the calendar need not wait. SQLite has one writer anyway."""
    if not is_sqlite(ctx.session):
        ctx.session.execute(text("LOCK TABLE calendar_amendments IN SHARE ROW EXCLUSIVE MODE"))


def _decide(ctx: Context, planned: PlannedDay) -> None:
    """Write what holds of a day from now on, and keep what held before."""
    ctx.session.execute(delete(CalendarAmendment).where(CalendarAmendment.day == planned.day))
    decided = {"day": planned.day, "reason": planned.reason, "decided_by": ctx.actor.name, "decided_at": ctx.now}
    if planned.status is not DayStatus.PUBLISHED:
        ctx.session.add(CalendarAmendment(**decided, is_working=planned.status is DayStatus.WORKING))
    was = {"was": planned.was, "was_reason": planned.was_reason}
    ctx.session.add(AmendmentVersion(**decided, **was, status=planned.status))
    ctx.session.flush()
    ctx.note("calendar.amended", f"calendar:{planned.day.isoformat()}", ("status", "reason"))


def _who_was_first(ctx: Context, plan: AmendmentPlan, fresh: AmendmentPlan) -> str:
    """Return what happened since the plan, by whom and when where that is known, and what to do."""
    newest = select(AmendmentVersion).order_by(AmendmentVersion.id.desc()).limit(1)
    last = ctx.session.scalar(newest.where(AmendmentVersion.day.in_([each.day for each in plan.days])))
    if fresh.days != plan.days and last is not None:
        by, at = actor_words(last.decided_by), roc_moment(last.decided_at)
        changed = f"{roc(last.day)} 已由 {by} 在 {at} 改為「{last.status.label}」"
        return f"{changed}，與試算時不同。沒有變更任何資料，請重新試算後再確認。"
    return "試算之後日曆或待辦又有變動，結果會和剛才看到的不同。沒有變更任何資料，請重新試算後再確認。"


def _note_duties(ctx: Context, act: str, moves: Sequence[Move], field: str) -> None:
    ctx.note_rows(act, "duties", [each.duty_id for each in moves], (field,))
