"""How queries are scoped by who asks: one condition on the column that holds the unit (ACC-10)."""

from __future__ import annotations

from typing import TypeVar

from sqlalchemy import ColumnElement, true
from sqlalchemy.orm import InstrumentedAttribute

from core.access import Units

UnitId = TypeVar("UnitId", int, int | None)


def within(units: Units, column: InstrumentedAttribute[UnitId]) -> ColumnElement[bool]:
    """Return the condition that a row's unit is among those the actor may see."""
    return true() if units.everything else column.in_(units.ids)
