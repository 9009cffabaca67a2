"""How the duties of a service's windows follow its dispatch, its records and its end (REC-1, REC-8).

Each window owed is a row and a duty about it. ``follow_windows`` works out what is owed now and brings the duties in
line: so it may be called after anything happened, and twice does no harm. The caller holds the service's row.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select, update

from core.context import Context
from core.dispatches.models import Opened
from core.duties.following import Subject, begin, begin_all
from core.duties.models import Duty, Ending, SubjectKind
from core.duties.plans import DutyKind
from core.duties.service import end_duty
from core.records.models import RecordWindow, WindowCourse, WorkRecord
from core.records.opened import windows_for
from core.records.rules import Window, Windows, owing


@dataclass(frozen=True)
class _Key:
    """What a stored window is known by: cut another way, or from another dispatch, it is another window."""

    starts_on: date
    first: date
    last: date


def follow_windows(ctx: Context, service: Opened) -> tuple[Window, ...]:
    """Bring the duties of a service's windows in line, and return the windows it owes: those missing, and today's.

    A record meets its window, also one that is filled in later; a new dispatch moves the start and makes the windows
    before it void; closing makes all of them void.
    """
    ctx.session.flush()
    windows = windows_for(ctx, service)
    is_open = service.closed_on is None
    owed = windows.owed(_served_on(ctx, service), ctx.today) if is_open else ()
    _keep_course(ctx, service, windows)
    known = _known(ctx, service)
    keys = {_key(windows, window): window for window in owed}
    done = {_key(windows, window) for window in windows.begun_by(ctx.today)} - keys.keys() if is_open else set()
    _end_rest(ctx, {key: row for key, row in known.items() if key not in keys}, done)
    for key, window in keys.items():
        row = known.get(key) or _add(ctx, service, windows, window)
        begin(ctx, _subject(service, row), owing(window))
    ctx.session.flush()
    return owed


def begin_windows(ctx: Context, services: Sequence[Opened]) -> None:
    """Open the duties of the windows of services that have just begun: nothing was recorded, and no window stands yet.

    The same as ``follow_windows`` for each, by few statements for all of them.
    """
    added: list[tuple[Opened, RecordWindow, Window]] = []
    for service in services:
        windows, is_open = windows_for(ctx, service), service.closed_on is None
        ctx.session.add(WindowCourse(opened_id=service.id, next_on=_next_on(ctx, windows) if is_open else None))
        owed = windows.owed((), ctx.today) if is_open else ()
        added += [(service, _row(service, windows, window), window) for window in owed]
    ctx.session.add_all(row for _, row, _ in added)
    ctx.session.flush()
    begin_all(ctx, ((_subject(service, row), owing(window)) for service, row, window in added))


def open_windows(ctx: Context, limit: int) -> int:
    """Open the duties of windows that began by today, for up to ``limit`` services; return how many there were."""
    services = ctx.session.scalars(
        select(Opened)
        .join(WindowCourse, WindowCourse.opened_id == Opened.id)
        .where(WindowCourse.next_on <= ctx.today)
        .order_by(WindowCourse.next_on, Opened.id)
        .limit(limit)
        .with_for_update(of=Opened, key_share=True, skip_locked=True)
    ).all()
    for service in services:
        follow_windows(ctx, service)
    return len(services)


def hand_on_records(ctx: Context, over: Opened, going_on: Opened) -> None:
    """Give the records of a service that ends to the one that goes on in its place: two families became one."""
    mine = WorkRecord.opened_id == over.id
    ctx.session.execute(update(WorkRecord).where(mine).values(opened_id=going_on.id))


def _served_on(ctx: Context, service: Opened) -> list[date]:
    return list(ctx.session.scalars(select(WorkRecord.served_on).where(WorkRecord.opened_id == service.id)))


def _keep_course(ctx: Context, service: Opened, windows: Windows) -> None:
    """Keep when the next window begins, so that its duty is opened without looking through all services."""
    course = ctx.session.get(WindowCourse, service.id)
    if course is None:
        course = WindowCourse(opened_id=service.id)
        ctx.session.add(course)
    course.next_on = _next_on(ctx, windows) if service.closed_on is None else None


def _next_on(ctx: Context, windows: Windows) -> date:
    current = windows.holding(ctx.today)
    return windows.window(current.index + 1 if current else 0).first


def _known(ctx: Context, service: Opened) -> dict[_Key, RecordWindow]:
    rows = ctx.session.scalars(select(RecordWindow).where(RecordWindow.opened_id == service.id))
    return {_Key(row.starts_on, row.first, row.last): row for row in rows}


def _key(windows: Windows, window: Window) -> _Key:
    return _Key(windows.start, window.first, window.last)


def _end_rest(ctx: Context, rows: dict[_Key, RecordWindow], done: Collection[_Key]) -> None:
    """End the duties of windows that are not owed: met where a record lies in it, else void."""
    ids = {row.id: key for key, row in rows.items()}
    about = (Duty.subject_kind == SubjectKind.WINDOW, Duty.subject_id.in_(ids), Duty.ended_at.is_(None))
    for subject_id in ctx.session.scalars(select(Duty.subject_id).where(*about)).all() if ids else ():
        ending = Ending.MET if ids[subject_id] in done else Ending.VOID
        end_duty(ctx, DutyKind.RECORD_WINDOW, SubjectKind.WINDOW, subject_id, ending)


def _add(ctx: Context, service: Opened, windows: Windows, window: Window) -> RecordWindow:
    row = _row(service, windows, window)
    ctx.session.add(row)
    ctx.session.flush()
    return row


def _row(service: Opened, windows: Windows, window: Window) -> RecordWindow:
    return RecordWindow(
        opened_id=service.id,
        starts_on=windows.start,
        policy=windows.policy,
        place=window.index,
        first=window.first,
        last=window.last,
    )


def _subject(service: Opened, row: RecordWindow) -> Subject:
    return Subject(SubjectKind.WINDOW, row.id, service.unit_id, service.responsible_id)
