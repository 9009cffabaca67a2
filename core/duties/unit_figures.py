"""The numbers of units and kinds as every card shows them: what is owed, and in words what of it is late (DUTY-2)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from core.buttons import ShowUnit
from core.cards import Figure, Press, Row, Tone
from core.duties.counts import KindCount
from core.duties.plans import DutyKind
from core.duties.watch import Count


def unit_figures(units: Sequence[Count]) -> tuple[Figure, ...]:
    """Return a number a unit, each with the way to its duties."""
    return tuple(_figure(each) for each in units)


def kind_rows(kinds: Mapping[DutyKind, KindCount]) -> tuple[Row, ...]:
    """Return a row a kind: how much of it is owed, and how much of that is late."""
    return tuple(_row(kind, count) for kind, count in kinds.items())


def late_note(owed: int, late: int) -> str:
    """Return what is said under a number of which so much is late; nothing where none is."""
    if not late:
        return ""
    return "已逾期" if late == owed else f"其中 {late} 件已逾期"


def _row(kind: DutyKind, count: KindCount) -> Row:
    if not count.late:
        return Row(label=kind.label, value=f"{count.owed} 件")
    return Row(label=kind.label, value=f"{count.owed} 件，{late_note(count.owed, count.late)}", tone=Tone.LATE)


def _figure(unit: Count) -> Figure:
    return Figure(
        label=unit.name,
        value=unit.owed,
        tone=Tone.LATE if unit.late else Tone.PLAIN,
        note=late_note(unit.owed, unit.late),
        action=Press(label=unit.name, data=ShowUnit(unit.unit_id, 0).pack(), shown=unit.name),
    )
