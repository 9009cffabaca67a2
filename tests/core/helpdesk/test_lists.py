"""The desk's lists are read off their index in order: nothing is sorted, however many are unsolved (HELP-6)."""

from __future__ import annotations

import pytest
from sqlalchemy import event

from core.audit import Door
from core.helpdesk import queries
from core.helpdesk.queries import DeskList
from tests.core.helpdesk.conftest import Desk

INDEXES = {
    DeskList.UNSOLVED: "ix_help_requests_order",
    DeskList.LATE: "ix_help_requests_order",
    DeskList.SOLVED: "ix_help_requests_solved",
    DeskList.MINE: "ix_help_requests_agent_order",
    DeskList.UNASSIGNED: "ix_help_requests_agent_order",
    DeskList.WAITING: "ix_help_requests_state_order",
}


def ordering_statements(desk: Desk, which: DeskList) -> list[tuple[str, tuple[object, ...]]]:
    """Return the statements that put a list in order, with their parameters, as the database got them."""
    sent: list[tuple[str, tuple[object, ...]]] = []

    def keep(_c: object, _u: object, statement: str, parameters: tuple[object, ...], *_: object) -> None:
        if statement.startswith("SELECT help_requests.id") and "ORDER BY" in statement:
            sent.append((statement, parameters))

    event.listen(desk.core.store.engine, "before_cursor_execute", keep)
    with desk.core.transaction(desk.ann, Door.DESK) as ctx:
        queries.in_list(ctx, which)
    event.remove(desk.core.store.engine, "before_cursor_execute", keep)
    return sent


@pytest.mark.parametrize("which", INDEXES)
def test_a_list_is_read_off_its_index_in_order(desk_sqlite: Desk, which: DeskList) -> None:
    desk_sqlite.asks()
    ((statement, parameters),) = ordering_statements(desk_sqlite, which)
    with desk_sqlite.core.store.engine.connect() as connection:
        rows = connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", parameters).all()
    plan = " ".join(str(row[-1]) for row in rows)
    assert f"INDEX {INDEXES[which]} " in f"{plan} "
    assert "TEMP B-TREE" not in plan
