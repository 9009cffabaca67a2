"""Putting dispatches in as the main system knows them; their duties follow their state (REPLY-1, REPLY-11)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from core import changes
from core.access import Action, require
from core.context import Context
from core.dispatches.facts import DispatchFacts
from core.dispatches.families import assign_families
from core.dispatches.following import follow_duties, owing_of, subject_of
from core.dispatches.known import Known, hold, look_up
from core.dispatches.models import Case, Dispatch, DispatchState, Opening
from core.dispatches.receiving import lies_outside, refused
from core.dispatches.services import follow_services
from core.duties.following import begin_all
from core.errors import RulesBroken
from core.imports.results import Put
from core.many import in_batches
from core.records.kinds import ProblemType
from core.records.reported import keep_problems, reported_problems

NAME_SEPARATOR = "、"
NOBODY = ""
COURSE = (DispatchState.WAITING, DispatchState.SUBMITTED, DispatchState.ANSWERED, DispatchState.CLOSED)
"""How a dispatch goes on; who exports may know only of a step before the one that was taken here."""


@dataclass(frozen=True)
class _Touched:
    row: Dispatch
    put: Put
    fields: tuple[str, ...]

    @property
    def is_decision(self) -> bool:
        """Whether it says anew what the unit does: another address opens no service that was closed."""
        return self.put is Put.ADDED or not {"state", "opening"}.isdisjoint(self.fields)


def put_dispatch(ctx: Context, facts: DispatchFacts) -> Put:
    """Put one dispatch and its case in; the same again changes nothing.

    Raises ``InvalidInput`` for an unknown unit, ``RulesBroken`` for a unit that cannot receive it (REPLY-13) and for
    another text of a report that came in already (REPLY-15).
    """
    return put_dispatches(ctx, (facts,))[0]


def put_dispatches(ctx: Context, facts: Sequence[DispatchFacts]) -> tuple[Put, ...]:
    """Put many dispatches in, in order, and say what each did; raises as ``put_dispatch`` does."""
    require(ctx.actor, Action.IMPORT)
    return tuple(each for batch in in_batches(facts) for each in _put_batch(ctx, batch))


def plan_dispatches(ctx: Context, facts: Sequence[DispatchFacts]) -> tuple[Put, ...]:
    """Say what ``put_dispatches`` would do, and write nothing; raises as it does.

    The rows are changed in memory alone: who asks drops them (``ctx.attempt(keep=False)``).
    """
    require(ctx.actor, Action.IMPORT)
    told: dict[str, frozenset[ProblemType]] = {}
    with ctx.session.no_autoflush:
        return tuple(each for batch in in_batches(facts) for each in _plan_batch(ctx, batch, told))


def _plan_batch(ctx: Context, batch: Sequence[DispatchFacts], told: dict[str, frozenset[ProblemType]]) -> list[Put]:
    """Say what a batch would do; ``told``: which problems the rows before have named, by case."""
    known = _allowed(ctx, batch)
    case_fields = [(*_put_case(ctx, facts, known), *_plan_problems(ctx, facts, known, told)) for facts in batch]
    return [_put_row(ctx, facts, known, fields).put for facts, fields in zip(batch, case_fields, strict=True)]


def _plan_problems(
    ctx: Context, facts: DispatchFacts, known: Known, told: dict[str, frozenset[ProblemType]]
) -> tuple[str, ...]:
    number = facts.key.case_number
    case_id = known.cases[number].id
    if facts.problems is None:
        return ()
    before = told.get(number, reported_problems(ctx, case_id) if case_id else frozenset())
    told[number] = facts.problems
    return ("problems",) if facts.problems != before else ()


def _put_batch(ctx: Context, batch: Sequence[DispatchFacts]) -> list[Put]:
    known = _allowed(ctx, batch)
    hold(ctx, known)
    case_fields = [_put_case(ctx, facts, known) for facts in batch]
    _put_families(ctx, batch, case_fields, known)
    ctx.session.flush()
    case_fields = [
        (*fields, *_put_problems(ctx, facts, known)) for facts, fields in zip(batch, case_fields, strict=True)
    ]
    touched = [_put_row(ctx, facts, known, fields) for facts, fields in zip(batch, case_fields, strict=True)]
    ctx.session.flush()
    _conclude(ctx, touched)
    follow_services(ctx, [each.row for each in touched if each.is_decision])
    return [each.put for each in touched]


def _allowed(ctx: Context, batch: Sequence[DispatchFacts]) -> Known:
    """Return what is stored about a batch; raises ``RulesBroken`` with all that a rule says against its rows."""
    known = look_up(ctx, batch)
    broken = tuple(each.broken for each in refused(ctx, batch, known))
    if broken:
        raise RulesBroken(broken)
    return known


def _put_case(ctx: Context, facts: DispatchFacts, known: Known) -> tuple[str, ...]:
    """Put a case in. What a row leaves blank of a report stays as it is: it names nothing (REPLY-15)."""
    row = known.cases.get(facts.key.case_number)
    if row is None:
        row = known.cases[facts.key.case_number] = Case(number=facts.key.case_number)
        ctx.session.add(row)
    look_up_key = ctx.vault.look_up
    plain: dict[str, object] = {
        "reported_by": facts.reported_by or row.reported_by or "",
        "received_on": facts.received_on,
        "area": facts.area,
        "other_county": lies_outside(facts, row),
        "child_name_key": look_up_key("name", facts.child_name),
    }
    sealed: dict[str, str | None] = {
        "child_name": facts.child_name,
        "household": NAME_SEPARATOR.join(facts.household),
    }
    if facts.national_id:
        plain["national_id_key"] = look_up_key("national_id", facts.national_id)
        sealed["national_id"] = facts.national_id
    return changes.apply(row, ctx.vault, plain, sealed)


def _put_problems(ctx: Context, facts: DispatchFacts, known: Known) -> tuple[str, ...]:
    """Keep which problems the report ticked (REC-5); a list without them says nothing."""
    if facts.problems is None:
        return ()
    return ("problems",) if keep_problems(ctx, known.cases[facts.key.case_number].id, facts.problems) else ()


def _put_families(
    ctx: Context, batch: Sequence[DispatchFacts], fields: Sequence[tuple[str, ...]], known: Known
) -> None:
    households: dict[str, tuple[str, ...]] = {}
    for facts, changed in zip(batch, fields, strict=True):
        if "household" in changed or known.cases[facts.key.case_number].family_id is None:
            households[facts.key.case_number] = facts.household
    cases = dict.fromkeys(known.cases[facts.key.case_number] for facts in batch)
    assign_families(ctx, tuple(cases), households)


def _put_row(ctx: Context, facts: DispatchFacts, known: Known, case_fields: tuple[str, ...]) -> _Touched:
    row = known.dispatches.get(facts.key)
    is_new = row is None
    unit_id = known.units[facts.key.unit_code]
    if row is None:
        row = Dispatch(case_id=known.cases[facts.key.case_number].id, unit_id=unit_id)
        row.dispatched_on = facts.key.dispatched_on
        known.dispatches[facts.key] = row
        ctx.session.add(row)
    if row.unit_id == unit_id:
        case_fields = (*case_fields, *_apply(ctx, facts, known, row))
    return _Touched(row, Put.ADDED if is_new else Put.CHANGED if case_fields else Put.SAME, case_fields)


def _apply(ctx: Context, facts: DispatchFacts, known: Known, row: Dispatch) -> tuple[str, ...]:
    """Apply a row to its dispatch; one that was handed over (REPLY-16) is only changed by its new unit's row."""
    state = _listed_state(row, facts.state)
    done_here = state is not facts.state or state is row.state is DispatchState.SUBMITTED
    named_key = ctx.vault.look_up("name", facts.responsible) if facts.responsible else NOBODY
    named_here = done_here or _named_here(ctx, facts, row, named_key)
    plain: dict[str, object] = {
        "responsible_id": row.responsible_id if named_here else known.responsible(ctx, facts),
        "listed_responsible_key": row.listed_responsible_key if done_here else named_key,
        "opening": row.opening if done_here else facts.opening or _decided_before(row, state),
        "state": state,
        "needs_assessment": facts.needs_assessment,
        "asks_guidance": bool(row.asks_guidance if facts.asks_guidance is None else facts.asks_guidance),
        "returned_at": (row.returned_at or ctx.now) if state is DispatchState.RETURNED else None,
        "listed_as": facts.state,
    }
    sealed = {"served": facts.served} if named_here else {"responsible": facts.responsible, "served": facts.served}
    return changes.apply(row, ctx.vault, plain, sealed)


def _named_here(ctx: Context, facts: DispatchFacts, row: Dispatch, named_key: str) -> bool:
    """Return whether somebody else was named here since the list named whom it names again (ACC-9)."""
    if row.listed_responsible_key != named_key:
        return False
    name = ctx.vault.open(row.responsible) if row.responsible else None
    return name != (facts.responsible or None)


def _listed_state(row: Dispatch, listed: DispatchState) -> DispatchState:
    """Return the state after a row of the list: what it said before, or what was gone beyond here, undoes nothing."""
    if listed is row.listed_as:
        return row.state
    went_on_here = row.state in COURSE and row.listed_as is not row.state
    is_behind = went_on_here and listed in COURSE[: COURSE.index(row.state)]
    return row.state if is_behind else listed


def _decided_before(row: Dispatch, state: DispatchState) -> Opening | None:
    """Return the opening that is known: a blank column says nothing; of what waits, nothing is decided."""
    return None if state is DispatchState.WAITING else row.opening


def _conclude(ctx: Context, touched: Sequence[_Touched]) -> None:
    """Let the duties follow, and write the audit."""
    begin_all(ctx, ((subject_of(each.row), owing_of(ctx, each.row)) for each in touched if each.put is Put.ADDED))
    follow_duties(ctx, *dict.fromkeys(each.row for each in touched if each.put is Put.CHANGED))
    for each in touched:
        if each.put is not Put.SAME:
            ctx.note("put_dispatch", f"dispatch:{each.row.id}", each.fields)
