"""How many dispatches stand in a state, without counting them (DUTY-2 at a million rows).

Counting what is answered costs what exists; so each change of a dispatch's unit or state adds a row that says one more
here, one fewer there, in the same flush and transaction: the sum is the count, and a rollback takes both back. Rows are
only added: two transactions never wait for each other. A unit that has many rows has them folded into one a state;
whoever folds leaves alone what another transaction is folding at that moment.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Iterator
from typing import NamedTuple

from sqlalchemy import Connection, delete, event, func, insert, inspect, select
from sqlalchemy.orm import Session, UOWTransaction

from core.access import Units
from core.dispatches.models import Dispatch, DispatchState, Tally
from core.scoping import within

ROWS_A_UNIT = 64  # more are folded: what a count reads is bounded by the units it is asked for


class Stand(NamedTuple):
    """Where a dispatch is counted."""

    unit_id: int
    state: DispatchState


def counted(session: Session, units: Units, states: Collection[DispatchState]) -> int:
    """Return how many dispatches of these units stand in one of these states."""
    asked = select(func.sum(Tally.change)).where(Tally.state.in_(states), within(units, Tally.unit_id))
    return int(session.scalar(asked) or 0)


def by_state(session: Session, units: Units) -> Counter[DispatchState]:
    """Return how many dispatches of these units stand in each state."""
    asked = select(Tally.state, func.sum(Tally.change)).where(within(units, Tally.unit_id)).group_by(Tally.state)
    return Counter({state: int(number) for state, number in session.execute(asked)})


def count_anew(session: Session) -> None:
    """Make the sums from the dispatches themselves: after rows were put in past this program."""
    session.execute(delete(Tally))
    found = select(Dispatch.unit_id, Dispatch.state, func.count()).group_by(Dispatch.unit_id, Dispatch.state)
    session.execute(insert(Tally).from_select(["unit_id", "state", "change"], found))


@event.listens_for(Session, "after_flush")
def _keep(session: Session, _context: UOWTransaction) -> None:
    """Add what a flush changed to the sums."""
    changes: Counter[Stand] = Counter()
    for row in _of(session.new):
        changes[Stand(row.unit_id, row.state)] += 1
    for row in _of(session.deleted):
        changes[_before(row)] -= 1
    for row in _of(session.dirty):
        changes[Stand(row.unit_id, row.state)] += 1
        changes[_before(row)] -= 1
    _add(session, {stand: change for stand, change in changes.items() if change})


def _of(rows: Iterable[object]) -> Iterator[Dispatch]:
    return (row for row in rows if isinstance(row, Dispatch))


def _before(row: Dispatch) -> Stand:
    """Return where a dispatch was counted before the flush."""
    found = inspect(row).attrs
    units, states = found.unit_id.history.deleted, found.state.history.deleted
    return Stand(units[0] if units else row.unit_id, states[0] if states else row.state)


def _add(session: Session, changes: dict[Stand, int]) -> None:
    if not changes:
        return
    connection = session.connection()
    rows = [{"unit_id": stand.unit_id, "state": stand.state, "change": change} for stand, change in changes.items()]
    connection.execute(insert(Tally), rows)
    units = {stand.unit_id for stand in changes}
    many = select(Tally.unit_id).where(Tally.unit_id.in_(units)).group_by(Tally.unit_id)
    for unit_id in connection.scalars(many.having(func.count() > ROWS_A_UNIT)).all():
        _fold(connection, unit_id)


def _fold(connection: Connection, unit_id: int) -> None:
    """Put one row a state in the place of a unit's rows, but those that another transaction is folding."""
    free = select(Tally.id).where(Tally.unit_id == unit_id).with_for_update(skip_locked=True)
    taken = connection.execute(delete(Tally).where(Tally.id.in_(free)).returning(Tally.state, Tally.change))
    sums: Counter[DispatchState] = Counter()
    for state, change in taken:
        sums[state] += change
    rows = [{"unit_id": unit_id, "state": state, "change": change} for state, change in sums.items() if change]
    if rows:
        connection.execute(insert(Tally), rows)
