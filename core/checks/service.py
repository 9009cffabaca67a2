"""Putting checks in as the main system knows them; their duties follow their state (CHK-1, CHK-10)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import Select, select

from core import changes
from core.access import Action, require
from core.births import seal_birth
from core.checks.following import follow_check, owing_of, subject_of
from core.checks.kinds import UrgentSign
from core.checks.models import Check, CheckState
from core.checks.urgent import report_urgent_check
from core.context import Context
from core.duties.following import begin_all
from core.imports.known import unit_ids
from core.imports.results import Put
from core.many import in_batches
from core.secrets import folded


@dataclass(frozen=True)
class CheckFacts:
    """A check as the main system exports it."""

    number: str
    unit_code: str
    assigned_at: datetime
    happened_at: datetime
    child_name: str
    state: CheckState
    already_high_risk: bool
    chain: str = ""
    shop: str = ""
    area: str = ""
    born_on: date | None = None
    has_need: bool | None = None
    """None: the export does not say."""
    urgent: frozenset[UrgentSign] = frozenset()
    """CHK-11: the store's report names them."""


@dataclass(frozen=True)
class _Touched:
    row: Check
    facts: CheckFacts
    put: Put
    fields: tuple[str, ...]


def put_check(ctx: Context, facts: CheckFacts) -> Put:
    """Put one check in; the same again changes nothing. Raises ``InvalidInput`` for an unknown unit."""
    return put_checks(ctx, (facts,))[0]


def put_checks(ctx: Context, facts: Sequence[CheckFacts]) -> tuple[Put, ...]:
    """Put many checks in, in order, and say what each did; raises as ``put_check`` does."""
    require(ctx.actor, Action.IMPORT)
    return tuple(each for batch in in_batches(facts) for each in _put_batch(ctx, batch))


def plan_checks(ctx: Context, facts: Sequence[CheckFacts]) -> tuple[Put, ...]:
    """Say what ``put_checks`` would do, and write nothing; raises as it does.

    The rows are changed in memory alone: who asks drops them (``ctx.attempt(keep=False)``).
    """
    require(ctx.actor, Action.IMPORT)
    with ctx.session.no_autoflush:
        return tuple(each.put for batch in in_batches(facts) for each in _applied(ctx, batch, _stored(batch)))


def _stored(batch: Sequence[CheckFacts]) -> Select[Check]:
    numbers = {folded(facts.number) for facts in batch}
    return select(Check).where(Check.number.in_(numbers)).order_by(Check.id)


def _applied(ctx: Context, batch: Sequence[CheckFacts], stored: Select[Check]) -> list[_Touched]:
    units = unit_ids(ctx.session, (facts.unit_code for facts in batch))
    known = {row.number: row for row in ctx.session.scalars(stored)}
    return [_apply(ctx, facts, units[facts.unit_code], known) for facts in batch]


def _put_batch(ctx: Context, batch: Sequence[CheckFacts]) -> list[Put]:
    held = _stored(batch).with_for_update(of=Check).execution_options(populate_existing=True)
    touched = _applied(ctx, batch, held)
    ctx.session.flush()
    _conclude(ctx, touched)
    return [each.put for each in touched]


def _apply(ctx: Context, facts: CheckFacts, unit_id: int, known: dict[str, Check]) -> _Touched:
    number = folded(facts.number)
    row = known.get(number)
    is_new = row is None
    if row is None:
        row = known[number] = Check(number=number)
        ctx.session.add(row)
    plain = _plain(ctx, facts, row) | {"unit_id": unit_id}
    seal_birth(ctx.vault, row)
    fields = changes.apply(row, ctx.vault, plain, _sealed(facts))
    return _Touched(row, facts, Put.ADDED if is_new else Put.CHANGED if fields else Put.SAME, fields)


def _plain(ctx: Context, facts: CheckFacts, row: Check) -> dict[str, object]:
    was_known = facts.has_need if facts.has_need is not None else row.has_need
    state = row.state if row.listed_as is facts.state else facts.state
    return {
        "assigned_at": facts.assigned_at,
        "happened_at": facts.happened_at,
        "chain": facts.chain,
        "shop": facts.shop,
        "area": facts.area,
        "child_name_key": ctx.vault.look_up("name", facts.child_name),
        "state": state,
        "listed_as": facts.state,
        "has_need": was_known if state is CheckState.CHECKED else None,
        "returned_at": (row.returned_at or ctx.now) if state is CheckState.RETURNED else None,
        "already_high_risk": facts.already_high_risk,
        "is_urgent": bool(facts.urgent) or bool(row.is_urgent),
    }


def _sealed(facts: CheckFacts) -> dict[str, str | None]:
    born_on = facts.born_on.isoformat() if facts.born_on else None
    return {"child_name": facts.child_name, "birth_date": born_on}


def _conclude(ctx: Context, touched: Sequence[_Touched]) -> None:
    """Let the duties follow, and write the audit."""
    begin_all(ctx, ((subject_of(each.row), owing_of(ctx, each.row)) for each in touched if each.put is Put.ADDED))
    follow_check(ctx, *(each.row for each in touched if each.put is Put.CHANGED))
    for each in touched:
        if each.facts.urgent:
            report_urgent_check(ctx, each.row, each.facts.urgent)
        if each.put is not Put.SAME:
            ctx.note("put_check", f"check:{each.row.number}", each.fields)
