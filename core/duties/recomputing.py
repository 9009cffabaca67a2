"""Reminder days reckoned anew when days become worked or free: which open duties are told at another moment.

Deadlines count days off and stay as they are (REPLY-1). Only what is open and is told, or was told, between the working
days around the changed ones can move, so two ranges of indexes are looked at, however many duties there are.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from sqlalchemy import Select, select, update
from sqlalchemy.orm import InstrumentedAttribute

from core.calendar import WorkCalendar
from core.clock import end_of_day, start_of_day
from core.context import Context
from core.duties.courses import course_of
from core.duties.models import Duty
from core.duties.plans import DutyKind
from core.duties.queries import numbers_of
from core.duties.rules import next_stage
from core.labels import Labelled

BATCH = 500


class What(Labelled):
    """Which moment of a duty moves."""

    NEXT_REMINDER = "next_reminder", "下次提醒"
    DUE = "due", "期限"


@dataclass(frozen=True)
class Move:
    """A moment of an open duty that moves; None before or after: there was none, or none is left."""

    duty_id: int
    kind: DutyKind
    number: str
    """The case's or check's number, or the account's code; never a name."""
    what: What
    before: datetime | None
    after: datetime | None


@dataclass(frozen=True)
class CalendarChange:
    """A calendar, the calendar it becomes, and the days (at least one) that differ."""

    old: WorkCalendar
    new: WorkCalendar
    days: tuple[date, ...]

    @property
    def span(self) -> tuple[datetime, datetime]:
        """The first and last instant between which anything can move: a stage only ever moves to or from a changed
        day, and no further than to the working days around it.
        """
        both = (self.old, self.new)
        first = min(calendar.add_working_days(min(self.days), -1) for calendar in both)
        last = max(calendar.add_working_days(max(self.days), 1) for calendar in both)
        return start_of_day(first), end_of_day(last)


def moved_reminders(ctx: Context, change: CalendarChange, *, lock: bool) -> Iterator[Move]:
    """Yield the next reminders that move, in no order that means anything; ``lock`` holds what is looked at.

    What was told stays told. A duty whose calendar moves nothing keeps its moment, also where that is put off by night.
    """
    seen: set[int] = set()
    for moment in (Duty.remind_at, Duty.reminded_at):
        for duties in ctx.session.scalars(_told_in(moment, change.span, lock=lock)).partitions(BATCH):
            fresh = [duty for duty in duties if duty.id not in seen]
            seen.update(duty.id for duty in fresh)
            yield from _moves(ctx, change, fresh)


def move_reminders(ctx: Context, moves: Sequence[Move]) -> None:
    """Write when these duties are told next."""
    rows = [{"id": move.duty_id, "remind_at": move.after} for move in moves if move.what is What.NEXT_REMINDER]
    if rows:
        ctx.session.execute(update(Duty), rows)


def _told_in(
    moment: InstrumentedAttribute[datetime | None], span: tuple[datetime, datetime], *, lock: bool
) -> Select[Duty]:
    found = (
        select(Duty)
        .where(Duty.ended_at.is_(None), moment.between(*span))
        .order_by(moment, Duty.id)
        .execution_options(yield_per=BATCH)
    )
    return found.with_for_update(key_share=True) if lock else found


def _moves(ctx: Context, change: CalendarChange, duties: Sequence[Duty]) -> list[Move]:
    """Return what moves of one batch."""
    afters: dict[Duty, datetime | None] = {}
    for duty in duties:
        after = _next_at(ctx, change.new, duty)
        if after not in (duty.remind_at, _next_at(ctx, change.old, duty)):
            afters[duty] = after
    numbers = numbers_of(ctx, [*afters])
    return [
        Move(duty.id, duty.kind, numbers[duty.id], What.NEXT_REMINDER, duty.remind_at, after)
        for duty, after in afters.items()
    ]


def _next_at(ctx: Context, calendar: WorkCalendar, duty: Duty) -> datetime | None:
    following = next_stage(replace(course_of(ctx, duty), calendar=calendar), duty.reminded_at)
    return following.at if following else None
