"""A database that is locked, full, slow or gone: a bounded wait, an error, nothing half done (A58).

An unstored webhook is not acknowledged, so LINE sends it again; and then it is stored, once.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager
from pathlib import Path
from threading import Barrier, Thread

import psycopg
import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import event, select, text
from sqlalchemy.exc import OperationalError

from bot.webhook import add_webhook, signature_of
from core.clock import FixedClock
from core.context import Core
from core.database import Store
from core.engines import Patience
from core.inbox.models import Conversation, InboxEvent
from core.policy import Policy
from core.secrets import Vault
from tests.databases import SqliteFiles

SECRET = "channel secret for tests"
ANN, BEN = "U" + "a" * 32, "U" + "b" * 32
SHORT = Patience(busy=0.05, lock=0.05, pool=0.05, statement=0.5)


class Line:
    """LINE's side of the webhook, on a database that is not waited for long."""

    def __init__(self, store: Store, vault: Vault, policy: Policy, clock: FixedClock) -> None:
        self.core = Core(store, vault, policy, clock)
        app = Flask("test")
        add_webhook(app, self.core, SECRET, lambda: None)
        self.client: FlaskClient = app.test_client()

    def posts(self, *people: str, first: int = 1) -> int:
        """Post a message of each; return the status."""
        now = round(self.core.clock.now().timestamp() * 1000)
        events = [
            {
                "type": "message",
                "webhookEventId": f"event-{first + number}",
                "timestamp": now,
                "source": {"type": "user", "userId": person},
            }
            for number, person in enumerate(people)
        ]
        raw = json.dumps({"events": events}).encode()
        signed = {"X-Line-Signature": signature_of(raw, SECRET)}
        return self.client.post("/line/webhook", data=raw, headers=signed).status_code

    def stored(self) -> int:
        with self.core.store.reading() as session:
            return len(session.scalars(select(InboxEvent)).all())


def address(store: Store) -> str:
    return store.url.render_as_string(hide_password=False)


@contextmanager
def impatient(url: str) -> Iterator[Store]:
    store = Store(url, SHORT)
    try:
        yield store
    finally:
        store.close()


@pytest.fixture
def on_sqlite(sqlite_store: Store, vault: Vault, policy: Policy, clock: FixedClock) -> Iterator[Line]:
    with impatient(str(sqlite_store.url)) as store:
        yield Line(store, vault, policy, clock)


@pytest.fixture
def on_postgres(postgres_store: Store, vault: Vault, policy: Policy, clock: FixedClock) -> Iterator[Line]:
    with impatient(address(postgres_store)) as store:
        yield Line(store, vault, policy, clock)


def test_a58_while_another_process_holds_sqlite_the_webhook_is_not_acknowledged(on_sqlite: Line) -> None:
    with closing(sqlite3.connect(str(on_sqlite.core.store.url.database), isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        assert on_sqlite.posts(ANN) == 503
        other.execute("ROLLBACK")
    assert on_sqlite.posts(ANN) == 200
    assert on_sqlite.stored() == 1


def test_a58_while_another_thread_writes_for_too_long_the_webhook_is_not_acknowledged(on_sqlite: Line) -> None:
    statuses: list[int] = []
    thread = Thread(target=lambda: statuses.append(on_sqlite.posts(ANN)))
    with on_sqlite.core.store.transaction():
        thread.start()
        thread.join()
    assert statuses == [503]
    assert on_sqlite.posts(ANN) == 200


def test_a58_what_is_acknowledged_is_on_the_disk_before(tmp_path: Path) -> None:
    with closing(Store(f"sqlite:///{tmp_path}/frontdoor.db")) as store, store.reading() as session:
        settled = {name: session.scalar(text(f"PRAGMA {name}")) for name in ("synchronous", "journal_mode")}
    assert settled == {"synchronous": 2, "journal_mode": "wal"}  # 2 is FULL: a power cut takes nothing committed


def test_a58_a_thread_that_waited_too_long_leaves_the_turn_to_others(sqlite_files: SqliteFiles) -> None:
    with sqlite_files.empty() as kept, impatient(str(kept.url)) as store:
        with pytest.raises(ValueError, match="within"), store.transaction():
            raise ValueError("within")
        with store.transaction() as session:
            assert session.scalar(select(InboxEvent.id)) is None


@pytest.mark.postgres
def test_a58_a_row_that_somebody_holds_is_waited_for_with_an_end(on_postgres: Line) -> None:
    on_postgres.posts(ANN)
    with on_postgres.core.store.transaction() as session:
        session.scalars(select(Conversation).with_for_update()).one()
        assert on_postgres.posts(ANN, first=2) == 503
    assert on_postgres.posts(ANN, first=2) == 200
    assert on_postgres.stored() == 2


@pytest.mark.postgres
def test_a58_an_empty_pool_is_waited_for_with_an_end(on_postgres: Line) -> None:
    with ExitStack() as busy:
        for _ in range(20):
            session = busy.enter_context(on_postgres.core.store.reading())
            session.execute(text("SELECT 1"))
        assert on_postgres.posts(ANN) == 503
    assert on_postgres.posts(ANN) == 200


@pytest.mark.postgres
def test_a58_a_connection_lost_in_the_commit_leaves_nothing_and_the_next_time_it_is_stored(on_postgres: Line) -> None:
    engine = on_postgres.core.store.engine

    def cut(connection: object) -> None:
        driver = connection.connection.driver_connection  # type: ignore[attr-defined]  # SQLAlchemy's connection
        with psycopg.connect(address(on_postgres.core.store), autocommit=True) as other:
            other.execute("SELECT pg_terminate_backend(%s, 5000)", [driver.info.backend_pid])

    event.listen(engine, "commit", cut, once=True)
    assert on_postgres.posts(ANN) == 503
    assert on_postgres.stored() == 0
    assert on_postgres.posts(ANN) == 200
    assert on_postgres.stored() == 1


@pytest.mark.postgres
def test_a58_connections_the_server_closed_meanwhile_are_renewed(on_postgres: Line) -> None:
    on_postgres.posts(ANN)
    with on_postgres.core.store.reading() as session:
        pooled = session.scalar(text("SELECT pg_backend_pid()"))
    with psycopg.connect(address(on_postgres.core.store), autocommit=True) as other:
        other.execute("SELECT pg_terminate_backend(%s, 5000)", [pooled])
    assert on_postgres.posts(ANN, first=2) == 200


@pytest.mark.postgres
def test_a58_a_statement_that_never_ends_is_ended(on_postgres: Line) -> None:
    with pytest.raises(OperationalError, match="statement timeout"), on_postgres.core.store.transaction() as session:
        session.execute(text("SELECT pg_sleep(5)"))


@pytest.mark.postgres
def test_a58_waits_of_a_house_have_an_end(postgres_store: Store) -> None:
    shown = {"statement_timeout": "30s", "lock_timeout": "20s", "idle_in_transaction_session_timeout": "1min"}
    with postgres_store.reading() as session:
        assert {name: session.scalar(text(f"SHOW {name}")) for name in shown} == shown


@pytest.mark.postgres
def test_a59_connections_of_a_time_when_the_database_took_nothing_are_renewed(on_postgres: Line) -> None:
    with on_postgres.core.store.reading() as session:
        session.execute(text("SET SESSION CHARACTERISTICS AS TRANSACTION READ ONLY"))
        session.commit()
    assert on_postgres.posts(ANN) == 200  # the one connection failed, and a new one was made for the second try


@pytest.mark.postgres
@pytest.mark.parametrize(("given", "silence"), [("", "15000"), ("&tcp_user_timeout=3000", "3000")])
def test_a58_a_network_that_says_nothing_any_more_is_noticed(postgres_store: Store, given: str, silence: str) -> None:
    expected = {"keepalives": "1", "keepalives_idle": "30", "tcp_user_timeout": silence}
    with closing(Store(f"{address(postgres_store)}{given}")) as store, store.reading() as session:
        driver = session.connection().connection.driver_connection
        assert isinstance(driver, psycopg.Connection)
        said = driver.info.get_parameters()
    assert {name: said.get(name) for name in expected} == expected


@pytest.mark.postgres
def test_a58_batches_with_the_same_people_in_another_order_do_not_lock_each_other_out(
    postgres_store: Store, vault: Vault, policy: Policy, clock: FixedClock
) -> None:
    line = Line(postgres_store, vault, policy, clock)
    both = Barrier(2)
    statuses: list[int] = []

    def post(people: tuple[str, str], first: int) -> None:
        both.wait()
        statuses.append(line.posts(*people * 5, first=first))

    threads = [Thread(target=post, args=each) for each in (((ANN, BEN), 1), ((BEN, ANN), 100))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert statuses == [200, 200]
    assert line.stored() == 20
