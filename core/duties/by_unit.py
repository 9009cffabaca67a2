"""What is owed unit by unit, for who stands over several: the numbers, worst unit first, and the duties behind each.

Each number is as long as its list, and with what the asker's own account owes they make up the whole (DUTY-2).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from sqlalchemy import false, func, or_, select

from core.access import Action, require
from core.accounts.models import Unit
from core.context import Context
from core.duties.counts import KindCount, counts_by_kind
from core.duties.plans import DutyKind
from core.duties.queries import Owed, owed_by_oneself
from core.duties.watch import Count, Place, owed_at, units_owing, worst_first
from core.paging import Page
from core.scoping import within
from core.secrets import folded

UNITS_A_SCREEN = 10
ROWS_A_SCREEN = 10
UNITS_AT_MOST = 500  # of a name that half the city has, so many are looked at
SHORTEST = 2  # characters of a name: a single one is no name


@dataclass(frozen=True)
class ByUnit:
    """All that is owed, with the rows of one's own account, and a page of the units that owe something."""

    owed: Owed
    units: Page[Count]


@dataclass(frozen=True)
class UnitDuties:
    """What one unit owes: the numbers by kind, which make up the whole, and a page of it from ``start`` on."""

    unit_id: int
    name: str
    kinds: Mapping[DutyKind, KindCount]
    owed: Owed
    start: int

    @property
    def left(self) -> int:
        """How many rows come after this page."""
        return self.owed.total - self.start - len(self.owed.rows)


def by_unit(ctx: Context, start: int) -> ByUnit:
    """Return what is owed by unit, worst first, from a place on; raises ``NotAllowed`` for who stands over none."""
    counts = units_owing(ctx)
    own = owed_by_oneself(ctx, ROWS_A_SCREEN)
    whole = replace(
        own,
        total=own.total + sum(each.owed for each in counts),
        late=own.late + sum(each.late for each in counts),
    )
    return ByUnit(whole, Page(len(counts), counts[start : start + UNITS_A_SCREEN], start))


def duties_of_unit(ctx: Context, unit_id: int, start: int) -> UnitDuties:
    """Return what a unit owes, most pressing first; raises ``NotAllowed``, or ``NotFound`` for one not the actor's."""
    found = owed_at(ctx, Place(unit_id), start, ROWS_A_SCREEN, late_only=False)
    return UnitDuties(unit_id, found.name, counts_by_kind(ctx, unit_id), found.owed, start)


def units_named(ctx: Context, typed: str, *, whole: bool) -> Page[Count]:
    """Return the units of this name, or (``whole`` false) whose name holds it, among those seen; worst first.

    One that owes nothing is among them too. 國小 is read as 國民小學 as well, and 臺 as 台. Nothing for a text that can
    be no name; raises ``NotAllowed`` for who stands over no units.
    """
    require(ctx.actor, Action.WATCH_UNITS)
    name = func.upper(func.replace(Unit.name, "臺", "台"))
    asked = [name == each if whole else name.contains(each, autoescape=True) for each in _spellings(typed)]
    named = select(Unit.id, Unit.name).where(within(ctx.actor.units, Unit.id), or_(false(), *asked))
    rows = ctx.session.execute(named.order_by(Unit.id).limit(UNITS_AT_MOST)).all()
    owing = {each.unit_id: each for each in units_owing(ctx)} if rows else {}
    found = sorted((owing.get(row.id, Count(row.id, row.name, 0, 0)) for row in rows), key=worst_first)
    return Page(len(found), tuple(found[:UNITS_A_SCREEN]))


def _spellings(typed: str) -> tuple[str, ...]:
    """Return how a name may be written, as it is compared; nothing for a text that is too short."""
    name = folded(typed).replace("臺", "台")
    if len(name) < SHORTEST:
        return ()
    return name, name.replace("國小", "國民小學").replace("國中", "國民中學").replace("高中", "高級中學")
