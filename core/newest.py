"""The newest rows of some units, at a page's cost however many there are: an index gives each unit's in order.

A database that walks the whole city's order to find the rows of one bureau may walk very far; so each unit's newest
are found first, no more of them than could be shown, and only those are put in order.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Generic, TypeVar

from sqlalchemy import ColumnElement, Select, desc, func, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from core.access import Units
from core.accounts.models import Unit
from core.scoping import within

Place = TypeVar("Place")


@dataclass(frozen=True)
class Pile(Generic[Place]):
    """Rows of many units, by what they are ordered: (``place``, ``row_id``), and an index of each unit's in order."""

    unit_id: InstrumentedAttribute[int]
    place: InstrumentedAttribute[Place]
    row_id: InstrumentedAttribute[int]


def newest(
    session: Session, units: Units, pile: Pile[Place], holds: ColumnElement[bool], limit: int
) -> list[tuple[Place, int]]:
    """Return place and id of the newest rows of these units for which ``holds`` is true, newest first."""
    found = select(pile.place.label("place"), pile.row_id.label("row_id")).where(holds)
    if not units.everything:
        found = _of_each_unit(session, units, pile, found, limit)
    return [
        (place, row_id) for place, row_id in session.execute(found.order_by(desc("place"), desc("row_id")).limit(limit))
    ]


def _of_each_unit(
    session: Session, units: Units, pile: Pile[Place], found: Select[Place, int], limit: int
) -> Select[Place, int]:
    """Return as many of each unit's rows as could be shown, and not all of a bureau's, before they are ordered."""
    mine = found.where(within(units, pile.unit_id))
    last = _last(session, units, pile, found, limit)
    if last is not None:
        mine = mine.where(pile.place >= last)
    rows = mine.cte().prefix_with("MATERIALIZED")
    return select(rows.c.place, rows.c.row_id)


def _last(session: Session, units: Units, pile: Pile[Place], found: Select[Place, int], limit: int) -> Place | None:
    """Return a place before which nothing is shown, as one unit alone has enough from it on; None: no unit has."""
    of_unit = found.with_only_columns(pile.place).where(pile.unit_id == Unit.id).order_by(pile.place.desc())
    nth = of_unit.offset(limit - 1).limit(1).correlate(Unit).scalar_subquery()
    lasts = select(nth.label("place")).where(within(units, Unit.id)).subquery()
    last: Place | None = session.scalar(select(func.max(lasts.c.place)))
    return last
