"""Opening, moving and ending duties: the areas say what is owed and until when, here it is kept (DUTY-1)."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import cast

from sqlalchemy import ColumnElement, Table, select, union
from sqlalchemy.dialects import postgresql, sqlite

from core.context import Context
from core.database import is_sqlite
from core.duties.courses import course
from core.duties.models import DigestItem, Duty, Ending, SubjectKind, UrgentItem
from core.duties.plans import DutyKind
from core.duties.rules import look_at, next_stage
from core.duties.untold import forget_waiting
from core.many import in_batches, inserting

_COLUMNS = (
    *("kind", "subject_kind", "subject_id", "unit_id", "account_id"),
    *("counted_from", "due_at", "arose_at", "remind_at", "look_at"),
)
_ADD_ALL = inserting(cast("Table", Duty.__table__), _COLUMNS, leaves_doubles=True)


@dataclass(frozen=True)
class NewDuty:
    """What is owed. ``unit_id`` owes it, ``account_id`` is named for it; without a unit the account itself owes it."""

    kind: DutyKind
    subject_kind: SubjectKind
    subject_id: int
    unit_id: int | None
    account_id: int | None
    counted_from: datetime
    """The moment of the event the deadline is counted from; for a date its first instant in Taipei."""
    due_at: datetime
    """The last moment in time; for a date its last instant in Taipei."""


def open_duty(ctx: Context, new: NewDuty) -> int:
    """Open a duty and return its id. At most one of a kind is open about one subject.

    The same again changes nothing. With another event, due moment or owner the open one is moved: it arises anew and
    its reminders start over.
    """
    duty = _open_one(ctx, new.kind, new.subject_kind, new.subject_id)
    if duty is None:
        added = _add(ctx, new)
        if added is not None:
            return added
        duty = _open_one(ctx, new.kind, new.subject_kind, new.subject_id)
    if duty is None:
        raise RuntimeError("an open duty is in the way and cannot be seen: another transaction ended it; try again")
    if _facts(duty) != _facts(new):
        _move(ctx, duty, new)
    return duty.id


def open_duties(ctx: Context, duties: Sequence[NewDuty]) -> None:
    """Open many duties, of one kind each at most about one subject: by few statements, where nothing is open about it.

    What is open already is moved, or stays, as by ``open_duty``.
    """
    by_kind: dict[tuple[DutyKind, SubjectKind], list[NewDuty]] = {}
    for new in duties:
        by_kind.setdefault((new.kind, new.subject_kind), []).append(new)
    for group in by_kind.values():
        added = _ADD_ALL.insert_telling(ctx.session, [_row(ctx, new) for new in group], "subject_id")
        for new in group:
            if new.subject_id in added:
                ctx.note("open_duty", f"duty:{added[new.subject_id]}", ("due_at",))
            else:
                open_duty(ctx, new)


def end_duty(ctx: Context, kind: DutyKind, subject_kind: SubjectKind, subject_id: int, ending: Ending) -> bool:
    """End the open duty of a kind about a subject; False when none is open. Nothing of it is told again."""
    duty = _open_one(ctx, kind, subject_kind, subject_id)
    if duty is None:
        return False
    _end(ctx, duty, ending)
    forget_waiting(ctx, duty, ending)
    ctx.session.flush()
    return True


def end_duties(ctx: Context, subject_kind: SubjectKind, endings: Mapping[tuple[DutyKind, int], Ending]) -> None:
    """End the open duties of these kinds about these subjects, each as by ``end_duty``: by few statements."""
    kinds, ids = {kind for kind, _ in endings}, {subject_id for _, subject_id in endings}
    for batch in in_batches(sorted(ids)):
        about = (Duty.subject_kind == subject_kind, Duty.subject_id.in_(batch), Duty.kind.in_(kinds))
        held = select(Duty).where(Duty.ended_at.is_(None), *about).order_by(Duty.id).with_for_update(key_share=True)
        ended = {duty.id: duty for duty in ctx.session.scalars(held) if (duty.kind, duty.subject_id) in endings}
        for duty in ended.values():
            _end(ctx, duty, endings[duty.kind, duty.subject_id])
        for duty_id in sorted(_waiting(ctx, ended)):
            forget_waiting(ctx, ended[duty_id], ended[duty_id].ending)
    ctx.session.flush()


def _end(ctx: Context, duty: Duty, ending: Ending) -> None:
    duty.ended_at, duty.ending, duty.remind_at, duty.look_at = ctx.now, ending, None, None
    ctx.note("end_duty", f"duty:{duty.id}", ("ended_at", "ending"))


def _waiting(ctx: Context, duties: Collection[int]) -> set[int]:
    """Return of which duties something waits to be told."""
    waits = (select(table.duty_id).where(table.duty_id.in_(duties)) for table in (DigestItem, UrgentItem))
    return set(ctx.session.scalars(union(*waits))) if duties else set()


def _open_one(ctx: Context, kind: DutyKind, subject_kind: SubjectKind, subject_id: int) -> Duty | None:
    is_it: list[ColumnElement[bool]] = [
        Duty.ended_at.is_(None),
        Duty.kind == kind,
        Duty.subject_kind == subject_kind,
        Duty.subject_id == subject_id,
    ]
    return ctx.session.scalar(select(Duty).where(*is_it).with_for_update(key_share=True))


def _facts(duty: Duty | NewDuty) -> tuple[object, ...]:
    return duty.unit_id, duty.account_id, duty.counted_from, duty.due_at


def _add(ctx: Context, new: NewDuty) -> int | None:
    """Store a new duty; None when another transaction opened the same in the meantime: the unique index decides."""
    insert = sqlite.insert(Duty) if is_sqlite(ctx.session) else postgresql.insert(Duty)
    added = ctx.session.scalar(insert.values(_row(ctx, new)).on_conflict_do_nothing().returning(Duty.id))
    if added is not None:
        ctx.note("open_duty", f"duty:{added}", ("due_at",))
    return added


def _row(ctx: Context, new: NewDuty) -> dict[str, object]:
    return {
        "kind": new.kind,
        "subject_kind": new.subject_kind,
        "subject_id": new.subject_id,
        "unit_id": new.unit_id,
        "account_id": new.account_id,
        "counted_from": new.counted_from,
        "due_at": new.due_at,
        "arose_at": ctx.now,
        "remind_at": _first_reminder(ctx, new),
        "look_at": look_at(new.due_at, ctx.now),
    }


def _move(ctx: Context, duty: Duty, new: NewDuty) -> None:
    duty.unit_id, duty.account_id = new.unit_id, new.account_id
    duty.counted_from, duty.due_at = new.counted_from, new.due_at
    duty.arose_at, duty.reminded_at, duty.remind_at = ctx.now, None, _first_reminder(ctx, new)
    duty.look_at = look_at(new.due_at, ctx.now)
    forget_waiting(ctx, duty)
    ctx.note("move_duty", f"duty:{duty.id}", ("unit_id", "account_id", "counted_from", "due_at"))
    ctx.session.flush()


def _first_reminder(ctx: Context, new: NewDuty) -> datetime | None:
    first = next_stage(course(ctx, new.kind, new.due_at, ctx.now), None)
    return first.at if first else None
