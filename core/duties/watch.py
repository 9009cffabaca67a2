"""What is owed and late by bureau and unit, and the list behind each of these numbers, for who stands over units.

Numbers and lists come from the same conditions (DUTY-2). Bureau totals are sums over all units seen, so the one grouped
query behind them gives a row a unit; what is shown is a page of them.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from sqlalchemy import select

from core.access import Action, require
from core.accounts.models import Unit, UnitKind
from core.context import Context
from core.duties.counts import UnitCount, counts_by_unit
from core.duties.plans import DutyKind
from core.duties.queries import Owed, owed_by_units, owed_of_kind
from core.errors import NotFound
from core.paging import Page, clamped

SEVERAL_UNITS = 2  # that owe something: of a single one its duties are shown at once


@dataclass(frozen=True)
class Count:
    """What a unit, or a bureau with all below it, owes, and how much of it is late."""

    unit_id: int
    name: str
    owed: int
    late: int


@dataclass(frozen=True)
class Watch:
    """What is owed in all units seen: by bureau, and by unit (a page; of one bureau if one is chosen), worst first."""

    owed: int
    late: int
    bureaus: tuple[Count, ...]
    units: Page[Count]
    bureau: str = ""
    """The name of the bureau that is chosen."""


@dataclass(frozen=True)
class Place:
    """Which duties a list is of: of one unit, one bureau with all below it, or (neither) all units seen."""

    unit_id: int | None = None
    bureau_id: int | None = None
    kind: DutyKind | None = None
    """Only duties of this kind; of all units seen, one's own account's too."""


@dataclass(frozen=True)
class OwedAt:
    """Duties of a place, and its name; empty for all units seen."""

    name: str
    owed: Owed


def watch(ctx: Context, bureau_id: int | None, start: int, limit: int) -> Watch:
    """Return what is owed by bureau and unit; raises ``NotAllowed``, or ``NotFound`` for a bureau not the actor's."""
    require(ctx.actor, Action.WATCH_UNITS)
    name = _name(ctx, bureau_id)
    by_bureau = _by_bureau(ctx)
    units = [unit for each, counts in by_bureau.items() if bureau_id in (None, each.id) for unit in counts]
    units.sort(key=worst_first)
    shown = units[start : start + clamped(limit)]
    bureaus = sorted((_sum(bureau, counts) for bureau, counts in by_bureau.items()), key=worst_first)
    return Watch(
        owed=sum(each.owed for each in bureaus),
        late=sum(each.late for each in bureaus),
        bureaus=tuple(bureaus),
        units=Page(len(units), tuple(shown), start),
        bureau=name,
    )


def owed_at(ctx: Context, place: Place, start: int, limit: int, *, late_only: bool) -> OwedAt:
    """Return the list behind a number; raises ``NotAllowed``, or ``NotFound`` for a place that is not the actor's."""
    require(ctx.actor, Action.SEE_DUTIES)
    name = _name(ctx, place.unit_id or place.bureau_id)
    owed = _owed(ctx, place, start, clamped(limit), late_only=late_only)
    return OwedAt(name, owed)


def _owed(ctx: Context, place: Place, start: int, limit: int, *, late_only: bool) -> Owed:
    if place.kind is not None and place.unit_id is None and place.bureau_id is None:
        return owed_of_kind(ctx, place.kind, start, limit, late_only=late_only)
    return owed_by_units(ctx, _ids(ctx, place), start, limit, late_only=late_only)


def units_owing(ctx: Context) -> tuple[Count, ...]:
    """Return what each unit seen owes, worst first; raises ``NotAllowed`` for who stands over none."""
    require(ctx.actor, Action.WATCH_UNITS)
    counts = (Count(each.unit_id, each.unit_name, each.owed, each.late) for each in counts_by_unit(ctx))
    return tuple(sorted(counts, key=worst_first))


@dataclass(frozen=True)
class _Bureau:
    id: int
    name: str


def _ids(ctx: Context, place: Place) -> list[int] | None:
    if place.unit_id is not None:
        return [place.unit_id]
    if place.bureau_id is None:
        return None
    counts = (counts for bureau, counts in _by_bureau(ctx).items() if bureau.id == place.bureau_id)
    return [count.unit_id for count in next(counts, ())]


def _name(ctx: Context, unit_id: int | None) -> str:
    if unit_id is None:
        return ""
    unit = ctx.session.get(Unit, unit_id)
    if unit is None or not ctx.actor.units.holds(unit_id):
        raise NotFound
    return unit.name


def _by_bureau(ctx: Context) -> Mapping[_Bureau, Iterable[Count]]:
    """Return the units that owe something under the bureau each belongs to."""
    rows = ctx.session.execute(select(Unit.id, Unit.name).where(Unit.kind == UnitKind.BUREAU))
    bureaus = {row.id: row.name for row in rows}
    found: dict[_Bureau, list[Count]] = defaultdict(list)
    for count in counts_by_unit(ctx):
        found[_bureau_of(count, bureaus)].append(Count(count.unit_id, count.unit_name, count.owed, count.late))
    return found


def _bureau_of(count: UnitCount, bureaus: Mapping[int, str]) -> _Bureau:
    """Return the nearest bureau at or over a unit; the unit itself where there is none."""
    upwards = (int(part) for part in reversed(count.path.strip("/").split("/")))
    nearest = next((unit_id for unit_id in upwards if unit_id in bureaus), count.unit_id)
    return _Bureau(nearest, bureaus.get(nearest, count.unit_name))


def _sum(bureau: _Bureau, counts: Iterable[Count]) -> Count:
    each = tuple(counts)
    return Count(bureau.id, bureau.name, sum(count.owed for count in each), sum(count.late for count in each))


def worst_first(count: Count) -> tuple[int, int, int]:
    """Return the place of a unit or bureau among others: by what is late, then by what is owed."""
    return -count.late, -count.owed, count.unit_id
