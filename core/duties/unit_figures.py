"""The numbers of units as every card shows them: what each owes, and beside its name what of it is late."""

from __future__ import annotations

from collections.abc import Sequence

from core.buttons import ShowUnit
from core.cards import Figure, Press, Tone
from core.duties.watch import Count

SEVERAL_UNITS = 2  # that owe something: of a single one its duties are shown at once


def unit_figures(units: Sequence[Count]) -> tuple[Figure, ...]:
    """Return a number a unit, each with the way to its duties."""
    return tuple(_figure(each) for each in units)


def _figure(unit: Count) -> Figure:
    return Figure(
        label=f"{unit.name}（逾期 {unit.late} 件）" if unit.late else unit.name,
        value=unit.owed,
        tone=Tone.LATE if unit.late else Tone.PLAIN,
        action=Press(label=unit.name, data=ShowUnit(unit.unit_id, 0).pack(), shown=unit.name),
    )
