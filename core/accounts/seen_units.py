"""Which units an account sees: its own, those of its bureau, or all (ACC-10)."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from core.access import Units
from core.accounts.models import Role, Unit, UnitKind
from core.among import among_these

_OVER_A_BUREAU = (Role.SUPERVISOR, Role.CONTACT)


def units_of_one(session: Session, role: Role, unit_id: int) -> Units:
    """Return which units an account of a role and unit sees."""
    return units_of_each(session, {(role, unit_id)})[role, unit_id]


def units_of_each(session: Session, stands: Collection[tuple[Role, int]]) -> dict[tuple[Role, int], Units]:
    """Return the same for many roles and units: those below one bureau are asked for once."""
    tops = tops_of(session, {unit_id for role, unit_id in stands if role in _OVER_A_BUREAU})
    below = {path: Units(ids=_below(session, path)) for path in set(tops.values())}
    return {
        (role, unit_id): below[tops[unit_id]] if role in _OVER_A_BUREAU else _all_or_own(role, unit_id)
        for role, unit_id in stands
    }


def tops_of(session: Session, unit_ids: Collection[int]) -> dict[int, str]:
    """Return for each unit the path of its nearest bureau, or its own where there is none."""
    if not unit_ids:
        return {}
    units = session.execute(select(Unit.id, Unit.path).where(among_these(Unit.id, unit_ids))).all()
    chains = {unit.id: upwards(unit.path) for unit in units}
    over = {each for chain in chains.values() for each in chain}
    bureaus = session.execute(
        select(Unit.id, Unit.path).where(among_these(Unit.id, over), Unit.kind == UnitKind.BUREAU)
    ).all()
    paths = {row.id: row.path for row in bureaus}
    return {unit.id: next((paths[each] for each in chains[unit.id] if each in paths), unit.path) for unit in units}


def upwards(path: str) -> Sequence[int]:
    """Return the ids of a unit and of those over it, upwards, by its path."""
    return [int(part) for part in reversed(path.strip("/").split("/"))]


def _all_or_own(role: Role, unit_id: int) -> Units:
    if role is Role.CENTER:
        return Units(everything=True)
    return Units(ids=frozenset({unit_id})) if role is Role.CASEWORKER else Units()


def _below(session: Session, path: str) -> frozenset[int]:
    """Return the units at and below a path."""
    return frozenset(session.scalars(select(Unit.id).where(Unit.path.startswith(path, autoescape=True))))
