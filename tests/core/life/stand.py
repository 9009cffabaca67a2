"""Everything as the tables hold it at one moment, in plain rows; and what ought to be owed, worked out from them anew.

The working is written a second time here, in the plainest words, and uses no rule of the core.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import Row, select
from sqlalchemy.orm import Session

from core.checks.models import Check, CheckState
from core.clock import TAIPEI
from core.closures.kinds import ClosureState
from core.closures.models import Closure, ClosureStep, Departure
from core.dispatches.models import Case, Dispatch, DispatchState, Opened, Opening
from core.duties.models import Duty, SubjectKind
from core.duties.plans import DutyKind
from core.records.models import RecordWindow, WorkRecord

REPLY_DAYS, CORRECTION_DAYS, WINDOW_DAYS, CHECK_HOURS = 10, 3, 30, 24
OPENS = frozenset({Opening.IN_PROGRESS, Opening.NEW, Opening.REOPENED})


@dataclass(frozen=True)
class Owes:
    """An open duty: about what, of which unit, until when; a window is named by its service and first day."""

    kind: str
    about: tuple[object, ...]
    unit_id: int
    due_at: datetime


@dataclass(frozen=True)
class Stand:
    """The rows."""

    dispatches: Mapping[int, Row[Any]]
    """With ``number`` and ``family_id`` of the case."""
    checks: Mapping[str, Row[Any]]
    services: Mapping[int, Row[Any]]
    closures: Mapping[int, Row[Any]]
    """Those that count, by service."""
    returned_at: Mapping[int, datetime]
    """When a closure form was returned last, by form."""
    left_on: Mapping[int, date]
    served_on: Mapping[int, Sequence[date]]
    records: Mapping[int, Row[Any]]
    duties: Mapping[int, Row[Any]]
    """Those that are open."""
    windows: Mapping[int, Row[Any]]

    def of_family(self, family_id: int | None, unit_id: int) -> list[Row[Any]]:
        """Return a unit's services of a family, oldest first."""
        return [each for each in self.services.values() if (each.family_id, each.unit_id) == (family_id, unit_id)]


def stand(session: Session) -> Stand:
    """Read the tables."""
    of_case = select(
        Dispatch.id,
        Dispatch.unit_id,
        Dispatch.dispatched_on,
        Dispatch.state,
        Dispatch.opening,
        Dispatch.returned_at,
        Case.number,
        Case.family_id,
    ).join(Case, Case.id == Dispatch.case_id)
    closures = _columns(Closure, ("id", "opened_id", "state")).where(Closure.state != ClosureState.DELETED)
    steps = session.execute(select(ClosureStep.closure_id, ClosureStep.act, ClosureStep.at).order_by(ClosureStep.id))
    records = _by_id(session, _columns(WorkRecord, ("id", "opened_id", "served_on")).order_by(WorkRecord.id))
    served_on: dict[int, list[date]] = {}
    for row in records.values():
        served_on.setdefault(row.opened_id, []).append(row.served_on)
    return Stand(
        dispatches=_by_id(session, of_case.order_by(Dispatch.id)),
        checks={row.number: row for row in session.execute(_columns(Check, _CHECK))},
        services={row.id: row for row in session.execute(_columns(Opened, _SERVICE).order_by(Opened.id))},
        closures={row.opened_id: row for row in _by_id(session, closures).values()},
        returned_at={row.closure_id: row.at for row in steps if row.act == "return"},
        left_on={row.opened_id: row.on for row in session.execute(select(Departure.opened_id, Departure.on))},
        served_on=served_on,
        records=records,
        duties=_by_id(session, _columns(Duty, _DUTY).where(Duty.ended_at.is_(None), Duty.unit_id.is_not(None))),
        windows={row.id: row for row in session.execute(_columns(RecordWindow, _WINDOW))},
    )


def owed_by(rows: Stand, now: datetime) -> Counter[Owes]:
    """Return what ought to be owed, once each (REPLY-1, REPLY-11, CHK-1, CHK-10, REC-1, CLOSE-3, CLOSE-4, CLOSE-9)."""
    today = now.astimezone(TAIPEI).date()
    return Counter((*_replies(rows), *_checks(rows), *_windows(rows, today), *_closings(rows, today)))


def owed_in(rows: Stand) -> Counter[Owes]:
    """Return what is kept as owed."""
    return Counter(Owes(each.kind, _about(rows, each), each.unit_id, each.due_at) for each in rows.duties.values())


def last_moment(day: date) -> datetime:
    """Return the last instant of a day in Taipei."""
    following = day + timedelta(days=1)
    return datetime(following.year, following.month, following.day, tzinfo=TAIPEI) - timedelta(microseconds=1)


_CHECK = ("id", "number", "unit_id", "assigned_at", "state", "has_need", "returned_at")
_SERVICE = (
    *("id", "family_id", "unit_id", "case_id", "opened_on", "last_dispatched_on"),
    *("known_from", "graduates_on", "closed_on"),
)
_DUTY = ("id", "kind", "subject_kind", "subject_id", "unit_id", "due_at")
_WINDOW = ("id", "opened_id", "starts_on", "first", "last")


def _columns(table: Any, names: Sequence[str]) -> Any:
    return select(*(getattr(table, name) for name in names))


def _by_id(session: Session, asked: Any) -> dict[int, Row[Any]]:
    return {row.id: row for row in session.execute(asked)}


def _about(rows: Stand, duty: Row[Any]) -> tuple[object, ...]:
    if duty.subject_kind is SubjectKind.WINDOW:
        window = rows.windows[duty.subject_id]
        return SubjectKind.WINDOW, window.opened_id, window.first
    return duty.subject_kind, duty.subject_id


def _replies(rows: Stand) -> Iterator[Owes]:
    for row in rows.dispatches.values():
        about = (SubjectKind.DISPATCH, row.id)
        if row.state is DispatchState.WAITING:
            due = last_moment(row.dispatched_on + timedelta(days=REPLY_DAYS))
            yield Owes(DutyKind.REPLY, about, row.unit_id, due)
        elif row.state is DispatchState.RETURNED:
            yield Owes(DutyKind.RETURNED_REPLY, about, row.unit_id, _correction(row.returned_at))


def _checks(rows: Stand) -> Iterator[Owes]:
    for row in rows.checks.values():
        about = (SubjectKind.CHECK, row.id)
        if row.state is CheckState.WAITING:
            yield Owes(DutyKind.CHECK, about, row.unit_id, row.assigned_at + timedelta(hours=CHECK_HOURS))
        elif row.state is CheckState.RETURNED:
            yield Owes(DutyKind.RETURNED_CHECK, about, row.unit_id, row.returned_at + timedelta(hours=CHECK_HOURS))


def _windows(rows: Stand, today: date) -> Iterator[Owes]:
    """Yield the windows begun by today that hold no record, one after the other from the last dispatch on."""
    for row in rows.services.values():
        first = row.last_dispatched_on
        while row.closed_on is None and first <= today:
            last = first + timedelta(days=WINDOW_DAYS - 1)
            is_known = row.known_from is None or last >= row.known_from
            if is_known and not any(first <= day <= last for day in rows.served_on.get(row.id, ())):
                about = (SubjectKind.WINDOW, row.id, first)
                yield Owes(DutyKind.RECORD_WINDOW, about, row.unit_id, last_moment(last))
            first = last + timedelta(days=1)


def _closings(rows: Stand, today: date) -> Iterator[Owes]:
    for row in rows.services.values():
        about, closure = (SubjectKind.OPENED, row.id), rows.closures.get(row.id)
        if row.closed_on is not None:
            continue
        if closure is not None:
            if closure.state == "returned":
                yield Owes(DutyKind.RETURNED_CLOSURE, about, row.unit_id, _correction(rows.returned_at[closure.id]))
        elif row.id in rows.left_on:
            yield Owes(DutyKind.CLOSURE_IN_MONTH, about, row.unit_id, _month_end(rows.left_on[row.id]))
        elif _is_followed_to_july(row, rows.served_on.get(row.id, ()), today):
            yield Owes(DutyKind.FOLLOW_TO_JULY, about, row.unit_id, last_moment(date(row.graduates_on.year, 7, 31)))


def _is_followed_to_july(row: Row[Any], served_on: Sequence[date], today: date) -> bool:
    """Say whether six months had not passed before graduation, or schooling was not known to be stable (CLOSE-4)."""
    if row.graduates_on is None or today < date(row.graduates_on.year, 7, 1):
        return False
    month = row.last_dispatched_on.month + 6
    first = date(row.last_dispatched_on.year + month // 13, (month - 1) % 12 + 1, 1)
    last = (first + timedelta(days=31)).replace(day=1) - timedelta(days=1)
    ripe_on = first.replace(day=min(row.last_dispatched_on.day, last.day))
    return bool(ripe_on > row.graduates_on or not any(day <= row.graduates_on for day in served_on))


def _correction(returned_at: datetime) -> datetime:
    return last_moment(returned_at.astimezone(TAIPEI).date() + timedelta(days=CORRECTION_DAYS))


def _month_end(day: date) -> datetime:
    following = (day.replace(day=28) + timedelta(days=4)).replace(day=1)
    return last_moment(following - timedelta(days=1))
