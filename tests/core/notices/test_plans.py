"""How the outbox is read: by its narrow indexes, however many notices it keeps, and told so by the statement's text."""

from __future__ import annotations

from datetime import datetime

import pytest
from sqlalchemy import ClauseElement, insert, text
from sqlalchemy.dialects import sqlite
from sqlalchemy.orm import Session

from core.database import Store
from core.notices import due, facts, service, undelivered
from core.notices.models import Notice, NoticeKind, NoticeState, Urgency, Via
from core.secrets import Sealed

NOW = datetime.fromisoformat("2026-03-04T10:00+08:00")

MANY = 2_000  # enough for PostgreSQL to prefer an index by itself
READ_BY = (
    (due._HEADS, {"unsettled", "queue_of_person", "mails_of_account", "mails_of_mailbox"}),
    (due._CROWD, {"alike", "queue_of_person"}),
    (facts._OUTDATED, {"of_account"}),
    (service._SEE, {"unseen"}),
    (service._AMBIGUOUS, {"ambiguous"}),
    (service._UNREACHABLE, {"of_account"}),
    (undelivered._PUSHED, {"of_account"}),
)
"""Each statement and the indexes it must be read by."""


@pytest.mark.parametrize(("statement", "names"), [*READ_BY, (due._COMPANIONS, {"queue_of_person"})])
def test_on_sqlite(sqlite_store: Store, statement: ClauseElement, names: set[str]) -> None:
    ready = statement.compile(dialect=sqlite.dialect(paramstyle="named"))
    with sqlite_store.reading() as session:
        rows = session.connection().exec_driver_sql(f"EXPLAIN QUERY PLAN {ready}", dict.fromkeys(ready.params)).all()
    plan = [str(row[-1]) for row in rows]
    for name in names:
        assert any(f"INDEX ix_notices_{name} " in f"{step} " for step in plan), plan
    assert [step for step in plan if step.startswith("SCAN notices") and "ix_notices_unsettled" not in step] == []


@pytest.mark.postgres
def test_on_postgresql(postgres_store: Store) -> None:
    with postgres_store.transaction() as session:
        _fill(session)
        for setting in ("plan_cache_mode = force_generic_plan", "enable_bitmapscan = off"):
            session.execute(text(f"SET LOCAL {setting}"))
        for statement, names in [*READ_BY, (due._COMPANIONS_OF_EACH, {"queue_of_person"})]:
            plan = _planned(session, statement)
            for name in names:
                assert f"ix_notices_{name} " in plan, plan
            assert "Seq Scan on notices" not in plan, plan


def _planned(session: Session, statement: ClauseElement) -> str:
    """Return how the statement is carried out whatever its parameters are: so it is, once it was prepared."""
    ready = statement.compile(dialect=session.get_bind().dialect)
    places = {name: f"${number}" for number, name in enumerate(ready.params, 1)}
    nothing = ", ".join("NULL" for _ in places)
    connection = session.connection()
    connection.exec_driver_sql(f"PREPARE asked AS {str(ready) % places}")
    plan = "\n".join(connection.exec_driver_sql(f"EXPLAIN EXECUTE asked({nothing})").scalars())
    connection.exec_driver_sql("DEALLOCATE asked")
    return plan


def _fill(session: Session) -> None:
    """Store notices of each state, to persons and to mailboxes, and have PostgreSQL look at them."""
    states = (NoticeState.CREATED, NoticeState.ACCEPTED, NoticeState.AMBIGUOUS, NoticeState.DROPPED)
    session.execute(insert(Notice), [_notice(number, states[number % len(states)]) for number in range(MANY)])
    session.execute(text("ANALYZE notices"))


def _notice(number: int, state: NoticeState) -> dict[str, object]:
    by_mail = number % 8 == 0
    return {
        "dedupe_key": str(number),
        "kind": NoticeKind.REMINDER,
        "urgency": Urgency.ROUTINE,
        "rank": 2,
        "person": None if by_mail else f"person-{number}",
        "mailbox": f"mailbox-{number}" if by_mail else None,
        "alike": f"text-{number}",
        "said": Sealed(b"sealed"),
        "via": Via.MAIL if by_mail else Via.PUSH,
        "created_at": NOW,
        "not_before": NOW,
        "state": state,
        "settled_at": None if state is NoticeState.CREATED else NOW,
    }
