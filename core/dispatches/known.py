"""What is stored already about a batch of dispatches: looked up in a few queries, whatever its size."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import select

from core.accounts.models import Account
from core.accounts.queries import is_active
from core.context import Context
from core.dispatches.facts import DispatchFacts, DispatchKey
from core.dispatches.models import Case, Dispatch, HandOver
from core.imports.known import unit_ids


@dataclass(frozen=True)
class Known:
    """The rows a batch may touch, by what they are known by; new ones are added as they come."""

    units: Mapping[str, int]
    cases: dict[str, Case]
    dispatches: dict[DispatchKey, Dispatch]
    people: Mapping[tuple[int, str], Sequence[int]]
    """Accounts by unit and name key."""

    def responsible(self, ctx: Context, facts: DispatchFacts) -> int | None:
        """Return the unit's account of the responsible person's name, where exactly one fits (DUTY-4)."""
        if not facts.responsible:
            return None
        name_key = ctx.vault.look_up("name", facts.responsible)
        found = self.people.get((self.units[facts.unit_code], name_key), ())
        return found[0] if len(found) == 1 else None


def look_up(ctx: Context, batch: Sequence[DispatchFacts]) -> Known:
    """Return what is stored about a batch; raises ``InvalidInput`` for an unknown unit."""
    units = unit_ids(ctx.session, (facts.unit_code for facts in batch))
    numbers = {facts.key.case_number for facts in batch}
    cases = {row.number: row for row in ctx.session.scalars(select(Case).where(Case.number.in_(numbers)))}
    return Known(units, cases, _dispatches(ctx, units, cases), _people(ctx, units, batch))


def hold(ctx: Context, known: Known) -> None:
    """Hold the dispatches of a batch as they are now: what is done with one meanwhile is not written over."""
    ids = [row.id for row in known.dispatches.values()]
    held = select(Dispatch).where(Dispatch.id.in_(ids)).order_by(Dispatch.id).with_for_update(of=Dispatch)
    ctx.session.scalars(held.execution_options(populate_existing=True)).all()


def _dispatches(ctx: Context, units: Mapping[str, int], cases: Mapping[str, Case]) -> dict[DispatchKey, Dispatch]:
    code_of = {unit_id: code for code, unit_id in units.items()}
    of_these = (Dispatch.case_id.in_([case.id for case in cases.values()]), Dispatch.unit_id.in_(code_of))
    rows = ctx.session.scalars(select(Dispatch).where(*of_these))
    found = {DispatchKey(row.case.number, code_of[row.unit_id], row.dispatched_on): row for row in rows}
    return _handed_over(ctx, code_of, cases) | found


def _handed_over(ctx: Context, code_of: Mapping[int, str], cases: Mapping[str, Case]) -> dict[DispatchKey, Dispatch]:
    """Return the dispatches that went to another unit, by the unit they were made to: its row is no new one."""
    asked = select(Dispatch, HandOver.from_unit_id).join(HandOver, HandOver.dispatch_id == Dispatch.id)
    of_these = (Dispatch.case_id.in_([case.id for case in cases.values()]), HandOver.from_unit_id.in_(code_of))
    rows = ctx.session.execute(asked.where(*of_these))
    return {DispatchKey(row.case.number, code_of[unit], row.dispatched_on): row for row, unit in rows}


def _people(ctx: Context, units: Mapping[str, int], batch: Sequence[DispatchFacts]) -> dict[tuple[int, str], list[int]]:
    name_keys = {ctx.vault.look_up("name", facts.responsible) for facts in batch if facts.responsible}
    rows = ctx.session.execute(
        select(Account.unit_id, Account.name_key, Account.id).where(
            Account.unit_id.in_(units.values()), Account.name_key.in_(name_keys), is_active(ctx.today)
        )
    )
    people: dict[tuple[int, str], list[int]] = {}
    for unit_id, name_key, account_id in rows:
        people.setdefault((unit_id, name_key), []).append(account_id)
    return people
