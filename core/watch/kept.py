"""How much of what fell due was done in time, and the list of the rest: of what units owe and the asker sees (ACC-10).

Counted is whatever fell due within some days and is due by now: done in time, done late, or owed still. What is no
longer owed counts on neither side, nor does what was late already when it came here: of the same age, what was done in
time never came. When something was done is when it was learned of here. Numbers and list come from one condition
(DUTY-2).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import ColumnElement, and_, case, func, or_, select

from core.access import Action, require
from core.calendar import ONE_DAY, add_months
from core.clock import end_of_day, start_of_day
from core.context import Context
from core.duties.models import Duty, Ending
from core.duties.plans import DutyKind
from core.duties.queries import OwedRow, kinds_seen, note_shown, rows_of
from core.paging import Page, clamped
from core.scoping import within
from core.watch.rules import share


@dataclass(frozen=True)
class Kept:
    """How much fell due, by what became of it."""

    in_time: int = 0
    done_late: int = 0
    owed_still: int = 0

    @property
    def fell_due(self) -> int:
        """All of it."""
        return self.in_time + self.done_late + self.owed_still

    @property
    def late(self) -> int:
        """What of it was not done in time."""
        return self.done_late + self.owed_still

    @property
    def share(self) -> int | None:
        """The share in time in percent, rounded down so that 100 means all; None where nothing fell due."""
        return share(self.in_time, self.late)

    def __add__(self, other: Kept) -> Kept:
        """Return both together."""
        return Kept(self.in_time + other.in_time, self.done_late + other.done_late, self.owed_still + other.owed_still)


@dataclass(frozen=True)
class Wanted:
    """Of which days a list is, both named ones among them, and of which kind; None: of all."""

    first: date
    last: date
    kind: DutyKind | None = None


@dataclass(frozen=True)
class LateRow:
    """Something that was not done in time, and when it was done; None: it is owed still."""

    row: OwedRow
    done_at: datetime | None


def kept_by_kind(ctx: Context, first: date, last: date, unit_id: int | None = None) -> Mapping[DutyKind, Kept]:
    """Return what became of what fell due within some days, by kind, of all units seen or of one.

    Raises ``NotAllowed``, or ``NotFound`` for a unit that is not the actor's.
    """
    require(ctx.actor, Action.SEE_DUTIES, unit_id)
    rows = ctx.session.execute(
        select(Duty.kind, _count(_IN_TIME), _count(_DONE_LATE), _count(_OWED_STILL))
        .where(_fell_due(ctx, first, last, unit_id))
        .group_by(Duty.kind)
    )
    found = {row[0]: Kept(row[1], row[2], row[3]) for row in rows}
    return {kind: found[kind] for kind in DutyKind if kind in found}


def late_among(ctx: Context, wanted: Wanted, start: int, limit: int) -> Page[LateRow]:
    """Return the list behind what was not done in time, in order of the due moment; raises ``NotAllowed``.

    The names shown are audited.
    """
    require(ctx.actor, Action.SEE_DUTIES)
    late = and_(_fell_due(ctx, wanted.first, wanted.last, None), or_(_OWED_STILL, _DONE_LATE))
    where = late if wanted.kind is None else and_(late, Duty.kind == wanted.kind)
    total = ctx.session.scalar(select(func.count()).select_from(Duty).where(where)) or 0
    page = select(Duty).where(where).order_by(Duty.due_at, Duty.id).offset(start).limit(clamped(limit))
    duties = ctx.session.scalars(page).all()
    rows = rows_of(ctx, duties)
    note_shown(ctx, rows)
    return Page(total, tuple(LateRow(row, duty.ended_at) for row, duty in zip(rows, duties, strict=True)), start)


def months(today: date) -> tuple[tuple[date, date], tuple[date, date]]:
    """Return the first and the last day of this month until today, and of the whole month before it."""
    first = today.replace(day=1)
    return (first, today), (add_months(first, -1), first - ONE_DAY)


def by_month(ctx: Context, unit_id: int | None = None) -> tuple[Mapping[DutyKind, Kept], Mapping[DutyKind, Kept]]:
    """Return what became of what fell due in each of ``months``, by kind; raises as ``kept_by_kind`` does."""
    this, last = months(ctx.today)
    return kept_by_kind(ctx, *this, unit_id), kept_by_kind(ctx, *last, unit_id)


def in_all(kinds: Mapping[DutyKind, Kept]) -> Kept:
    """Return all kinds together."""
    return sum(kinds.values(), Kept())


def _fell_due(ctx: Context, first: date, last: date, unit_id: int | None) -> ColumnElement[bool]:
    """Return the condition of what is counted: of all units seen, or of one."""
    return and_(
        Duty.kind.in_(sorted(kinds_seen(ctx.actor))),
        Duty.unit_id.is_not(None) if unit_id is None else Duty.unit_id == unit_id,
        within(ctx.actor.units, Duty.unit_id),
        Duty.due_at.between(start_of_day(first), end_of_day(last)),
        Duty.due_at < ctx.now,
        Duty.arose_at <= Duty.due_at,
        or_(_OWED_STILL, Duty.ending == Ending.MET),
    )


def _count(condition: ColumnElement[bool]) -> ColumnElement[int]:
    return func.coalesce(func.sum(case((condition, 1), else_=0)), 0)


_OWED_STILL = Duty.ended_at.is_(None)
_IN_TIME = Duty.ended_at <= Duty.due_at
_DONE_LATE = Duty.ended_at > Duty.due_at
