"""Putting dispatches in as the main system knows them; their duties follow their state (REPLY-1, REPLY-11)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from core import changes
from core.access import Action, require
from core.context import Context
from core.dispatches import rules
from core.dispatches.facts import DispatchFacts
from core.dispatches.known import Known, look_up
from core.dispatches.models import Case, Dispatch, DispatchState
from core.duties.following import Subject, begin, follow
from core.duties.models import SubjectKind
from core.duties.plans import DutyKind
from core.imports.known import in_batches
from core.imports.results import Put

KINDS = (DutyKind.REPLY, DutyKind.RETURNED_REPLY)
NAME_SEPARATOR = "、"


@dataclass(frozen=True)
class _Touched:
    row: Dispatch
    put: Put
    fields: tuple[str, ...]


def put_dispatch(ctx: Context, facts: DispatchFacts) -> Put:
    """Put one dispatch and its case in; the same again changes nothing. Raises ``InvalidInput`` for an unknown unit."""
    return put_dispatches(ctx, (facts,))[0]


def put_dispatches(ctx: Context, facts: Sequence[DispatchFacts]) -> tuple[Put, ...]:
    """Put many dispatches in, in order, and say what each did; raises as ``put_dispatch`` does."""
    require(ctx.actor, Action.IMPORT)
    return tuple(each for batch in in_batches(facts) for each in _put_batch(ctx, batch))


def _put_batch(ctx: Context, batch: Sequence[DispatchFacts]) -> list[Put]:
    known = look_up(ctx, batch)
    case_fields = [_put_case(ctx, facts, known) for facts in batch]
    ctx.session.flush()
    touched = [_put_row(ctx, facts, known, fields) for facts, fields in zip(batch, case_fields, strict=True)]
    ctx.session.flush()
    for each in touched:
        _conclude(ctx, each)
    return [each.put for each in touched]


def _put_case(ctx: Context, facts: DispatchFacts, known: Known) -> tuple[str, ...]:
    row = known.cases.get(facts.key.case_number)
    if row is None:
        row = known.cases[facts.key.case_number] = Case(number=facts.key.case_number)
        ctx.session.add(row)
    look_up_key = ctx.vault.look_up
    plain: dict[str, object] = {
        "reported_by": facts.reported_by,
        "received_on": facts.received_on,
        "area": facts.area,
        "child_name_key": look_up_key("name", facts.child_name),
        "national_id_key": look_up_key("national_id", facts.national_id) if facts.national_id else None,
    }
    sealed = {
        "child_name": facts.child_name,
        "national_id": facts.national_id,
        "household": NAME_SEPARATOR.join(facts.household),
    }
    return changes.apply(row, ctx.vault, plain, sealed)


def _put_row(ctx: Context, facts: DispatchFacts, known: Known, case_fields: tuple[str, ...]) -> _Touched:
    row = known.dispatches.get(facts.key)
    is_new = row is None
    if row is None:
        case_id, unit_id = known.cases[facts.key.case_number].id, known.units[facts.key.unit_code]
        row = Dispatch(case_id=case_id, unit_id=unit_id, dispatched_on=facts.key.dispatched_on)
        known.dispatches[facts.key] = row
        ctx.session.add(row)
    plain: dict[str, object] = {
        "responsible_id": known.responsible(ctx, facts),
        "opening": facts.opening,
        "state": facts.state,
        "needs_assessment": facts.needs_assessment,
        "returned_at": (row.returned_at or ctx.now) if facts.state is DispatchState.RETURNED else None,
    }
    sealed = {"responsible": facts.responsible, "served": facts.served}
    fields = (*case_fields, *changes.apply(row, ctx.vault, plain, sealed))
    return _Touched(row, Put.ADDED if is_new else Put.CHANGED if fields else Put.SAME, fields)


def _conclude(ctx: Context, touched: _Touched) -> None:
    """Let the duties follow, and write the audit."""
    if touched.put is Put.SAME:
        return
    row = touched.row
    subject = Subject(SubjectKind.DISPATCH, row.id, row.unit_id, row.responsible_id)
    owing = rules.owed(row.state, row.dispatched_on, row.returned_at, ctx.policy.returned_reply_days)
    if touched.put is Put.ADDED:
        begin(ctx, subject, owing)
    else:
        follow(ctx, subject, owing, KINDS)
    ctx.note("put_dispatch", f"dispatch:{row.id}", touched.fields)
