"""How many rows stand in a state, without counting them (DUTY-2 at a million rows).

Counting what is settled costs what exists; so each change of a row's unit or state adds a row that says one more here,
one fewer there, in the same flush and transaction: the sum is the count, and a rollback takes both back. Rows are only
added: two transactions never wait for each other. A unit that has many rows has them folded into one a state; whoever
folds leaves alone what another transaction is folding at that moment.

An area names what it counts by one ``Sums``; the columns it looks at must know their old values (``active_history``).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Generic, TypeVar

from sqlalchemy import Connection, Select, delete, event, func, insert, inspect, select
from sqlalchemy.orm import InstrumentedAttribute, Mapped, Session, UOWTransaction, mapped_column
from sqlalchemy.schema import ForeignKey

from core.access import Units
from core.database import Base
from core.labels import Labelled
from core.scoping import within

State = TypeVar("State", bound=Labelled)

ROWS_A_UNIT = 64  # more are folded: what a count reads is bounded by the units it is asked for


class TallyRow(Base):
    """How many rows more (or fewer) of a unit stand in a state, which each table adds; old ones are folded into one."""

    __abstract__ = True

    id: Mapped[int] = mapped_column(primary_key=True)
    unit_id: Mapped[int] = mapped_column(ForeignKey("units.id"))
    change: Mapped[int]


@dataclass(frozen=True)
class Stand(Generic[State]):
    """Where a row is counted."""

    unit_id: int
    state: State


@dataclass(frozen=True)
class Sums(Generic[State]):
    """The sums of one area: which rows are counted, in which table, and what their columns say of the state."""

    of: type[Base]
    """It has a ``unit_id``."""
    table: type[TallyRow]
    state: InstrumentedAttribute[State]
    """Of the table."""
    watched: tuple[str, ...]
    """The columns that make the state."""
    state_of: Callable[[Mapping[str, object]], State | None]
    """The state that these columns make; None: the row is not counted."""
    really: Select[int, State, int]
    """Unit, state and number, counted over all rows."""

    def counted(self, session: Session, units: Units, states: Collection[State]) -> int:
        """Return how many rows of these units stand in one of these states."""
        found = self.by_state(session, units)
        return sum(found[state] for state in states)

    def by_state(self, session: Session, units: Units) -> Counter[State]:
        """Return how many rows of these units stand in each state."""
        asked = select(self.state, func.sum(self.table.change)).where(within(units, self.table.unit_id))
        return Counter({state: int(number) for state, number in session.execute(asked.group_by(self.state))})

    def count_anew(self, session: Session) -> None:
        """Make the sums from the rows themselves: after rows were put in past this program."""
        session.execute(delete(self.table))
        session.execute(insert(self.table).from_select(["unit_id", "state", "change"], self.really))

    def keep(self) -> None:
        """Let every flush from now on keep these sums; called once, where the area is loaded."""
        event.listen(Session, "after_flush", self._keep)

    def _keep(self, session: Session, _context: UOWTransaction) -> None:
        changes: Counter[Stand[State]] = Counter()
        changes.update(self._stands(session.new, before=False))
        changes.update(self._stands(session.dirty, before=False))
        changes.subtract(self._stands(session.dirty, before=True))
        changes.subtract(self._stands(session.deleted, before=True))
        self._add(session, {stand: change for stand, change in changes.items() if change})

    def _stands(self, rows: Iterable[object], *, before: bool) -> Iterator[Stand[State]]:
        for row in rows:
            if isinstance(row, self.of):
                values = {name: _value(row, name, before=before) for name in ("unit_id", *self.watched)}
                state, unit_id = self.state_of(values), values["unit_id"]
                if state is not None and isinstance(unit_id, int):
                    yield Stand(unit_id, state)

    def _add(self, session: Session, changes: dict[Stand[State], int]) -> None:
        if not changes:
            return
        connection, table = session.connection(), self.table
        rows = [{"unit_id": stand.unit_id, "state": stand.state, "change": change} for stand, change in changes.items()]
        connection.execute(insert(table), rows)
        units = {stand.unit_id for stand in changes}
        many = select(table.unit_id).where(table.unit_id.in_(units)).group_by(table.unit_id)
        for unit_id in connection.scalars(many.having(func.count() > ROWS_A_UNIT)).all():
            self._fold(connection, unit_id)

    def _fold(self, connection: Connection, unit_id: int) -> None:
        """Put one row a state in the place of a unit's rows, but those that another transaction is folding."""
        table = self.table
        free = select(table.id).where(table.unit_id == unit_id).with_for_update(skip_locked=True)
        taken = connection.execute(delete(table).where(table.id.in_(free)).returning(self.state, table.change))
        sums: Counter[State] = Counter()
        for state, change in taken:
            sums[state] += change
        rows = [{"unit_id": unit_id, "state": state, "change": change} for state, change in sums.items() if change]
        if rows:
            connection.execute(insert(table), rows)


def _value(row: Base, name: str, *, before: bool) -> object:
    """Return a column's value, as it is or as it was before the flush."""
    if before:
        was = inspect(row).attrs[name].history.deleted
        if was:
            return was[0]
    return getattr(row, name)
