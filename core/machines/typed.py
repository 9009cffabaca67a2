"""One dispatch that somebody types into a form: what it would do and owe is shown, then it is put in.

It is read as a row of the list is, so the same words mean the same; a unit may be named as well as coded.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from core.access import Action, require
from core.accounts.models import Unit
from core.accounts.registration.queries import unit_typed
from core.context import Context
from core.dispatches.facts import DispatchFacts
from core.dispatches.models import Case, Dispatch
from core.duties.models import Duty, SubjectKind
from core.duties.plans import DutyKind
from core.imports.results import Put
from core.imports.turns import told_if_busy
from core.machines.facts import take_written_dispatch


@dataclass(frozen=True)
class Owed:
    """What a dispatch owes as it stands."""

    duty_id: int
    kind: DutyKind
    due_at: datetime


@dataclass(frozen=True)
class TypedDispatch:
    """A dispatch as it was understood, what putting it in does, and what is owed then; None: nothing."""

    facts: DispatchFacts
    unit_name: str
    put: Put
    owed: Owed | None


def plan_dispatch(ctx: Context, written: Mapping[str, str]) -> TypedDispatch:
    """Return what putting a dispatch in would do, changing nothing; raises as ``bring_dispatch`` does.

    While an import runs, ``Conflict``.
    """
    with told_if_busy(), ctx.attempt(keep=False):
        return bring_dispatch(ctx, written)


def bring_dispatch(ctx: Context, written: Mapping[str, str]) -> TypedDispatch:
    """Put one dispatch in from what was typed, by the names of the list's fields; the same again changes nothing.

    Raises ``FactsRefused`` with every wrong field, ``RulesBroken`` for REPLY-13 and REPLY-15.
    """
    require(ctx.actor, Action.IMPORT)
    unit = unit_typed(ctx, written["unit_code"])
    known = {**written, "unit_code": unit.code} if unit else written
    taken = take_written_dispatch(ctx, known)
    ctx.session.flush()
    return TypedDispatch(taken.facts, unit.name if unit else "", taken.put, _owed(ctx, taken.facts))


def _owed(ctx: Context, facts: DispatchFacts) -> Owed | None:
    """Return the earliest open duty of a dispatch."""
    key = facts.key
    dispatch = (
        select(Dispatch.id)
        .join(Case, Case.id == Dispatch.case_id)
        .join(Unit, Unit.id == Dispatch.unit_id)
        .where(Case.number == key.case_number, Unit.code == key.unit_code, Dispatch.dispatched_on == key.dispatched_on)
    )
    duty = ctx.session.scalar(
        select(Duty)
        .where(Duty.subject_kind == SubjectKind.DISPATCH, Duty.subject_id.in_(dispatch), Duty.ended_at.is_(None))
        .order_by(Duty.due_at)
        .limit(1)
    )
    return Owed(duty.id, duty.kind, duty.due_at) if duty else None
