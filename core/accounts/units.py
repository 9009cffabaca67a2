"""The tree of units: put from an import, moved with everything below (ACC-10 scopes by it)."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import select

from core.accounts.flaws import Flaw
from core.accounts.models import Unit, UnitKind
from core.context import Context
from core.imports.results import Put

CODE_AT_MOST = 40
UNIT_NAME_AT_MOST = 100
PATH_AT_MOST = 200


@dataclass(frozen=True)
class UnitFacts:
    """A unit as an import or an administrator names it."""

    code: str
    name: str
    kind: UnitKind
    parent_code: str | None = None


def put_unit(ctx: Context, facts: UnitFacts) -> Put:
    """Add a unit or change what differs; the paths of everything below move with it.

    Raises ``InvalidInput`` naming the column: unknown parent, a parent below itself, blank names, a new code with a
    slash.
    """
    if not 0 < len(facts.code) <= CODE_AT_MOST:
        raise Flaw.UNIT_CODE.error()
    if not 0 < len(facts.name.strip()) <= UNIT_NAME_AT_MOST:
        raise Flaw.UNIT_NAME.error()
    parent = _parent(ctx, facts)
    unit = _unit(ctx, facts.code)
    put = _add_unit(ctx, facts) if unit is None else _change_unit(unit, facts, parent)
    if put is not Put.SAME:
        _hang(ctx, unit or known_unit(ctx, facts.code, Flaw.UNIT_CODE), parent)
        ctx.note(f"unit.{put}", f"unit:{facts.code}", ("name", "kind", "parent"))
    return put


def known_unit(ctx: Context, code: str, flaw: Flaw) -> Unit:
    """Return the unit of a code, or raise what is wrong with the column that named it."""
    unit = ctx.session.scalar(select(Unit).where(Unit.code == code))
    if unit is None:
        raise flaw.error()
    return unit


def _unit(ctx: Context, code: str) -> Unit | None:
    return ctx.session.scalar(select(Unit).where(Unit.code == code).with_for_update())


def _parent(ctx: Context, facts: UnitFacts) -> Unit | None:
    if not facts.parent_code:
        return None
    if facts.parent_code == facts.code:
        raise Flaw.PARENT_BELOW.error()
    return known_unit(ctx, facts.parent_code, Flaw.PARENT_UNKNOWN)


def _add_unit(ctx: Context, facts: UnitFacts) -> Put:
    if "/" in facts.code:  # one that stands is left as it is
        raise Flaw.UNIT_SLASH.error()
    ctx.session.add(Unit(code=facts.code, name=facts.name.strip(), kind=facts.kind, path=""))
    ctx.session.flush()  # its path ends in its id
    return Put.ADDED


def _change_unit(unit: Unit, facts: UnitFacts, parent: Unit | None) -> Put:
    parent_id = parent.id if parent else None
    if (unit.name, unit.kind, unit.parent_id) == (facts.name.strip(), facts.kind, parent_id):
        return Put.SAME
    if parent is not None and parent.path.startswith(unit.path):
        raise Flaw.PARENT_BELOW.error()
    unit.name, unit.kind = facts.name.strip(), facts.kind
    return Put.CHANGED


def _hang(ctx: Context, unit: Unit, parent: Unit | None) -> None:
    """Hang a unit below its parent: its own path and all paths below it begin anew."""
    old, new = unit.path, f"{parent.path if parent else '/'}{unit.id}/"
    unit.parent_id = parent.id if parent else None
    moved = ctx.session.scalars(select(Unit).where(Unit.path.startswith(old, autoescape=True))) if old else (unit,)
    for each in moved:
        each.path = new + each.path[len(old) :]
        if len(each.path) > PATH_AT_MOST:
            raise Flaw.TREE_DEEP.error()
    ctx.session.flush()
