"""Fresh, migrated, empty databases for tests: a copied file of SQLite, an emptied database of PostgreSQL.

The schema is made once per worker, by the migrations. Between two tests on PostgreSQL only what was touched is
emptied: tables with rows, and tables whose sequence moved.
"""

from __future__ import annotations

import fcntl
import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
from psycopg import sql

from core import migrations
from core.audit import GENESIS
from core.database import Store
from tests import postgres_server

SERVER_SETTING = "TEST_DATABASE_URL"
KEPT = {"alembic_version", "audit_head"}  # what the migrations themselves put in
PATIENCE = "10s"  # a test that left a transaction open is named by an error, not by waiting for ever


class SqliteFiles:
    """Copies of one migrated file. One engine serves all tests of a worker: what it has compiled stays compiled."""

    def __init__(self, folder: Path) -> None:
        self._template = folder / "template.db"
        store = Store(f"sqlite:///{self._template}")
        migrations.upgrade(store)
        store.close()
        self._path = folder / "frontdoor.db"
        self._store = Store(f"sqlite:///{self._path}")

    @contextmanager
    def empty(self) -> Iterator[Store]:
        """Give the store on a fresh copy."""
        for left in self._path.parent.glob(f"{self._path.name}*"):
            left.unlink()
        shutil.copyfile(self._template, self._path)
        try:
            yield self._store
        finally:
            self._store.close()


class PostgresDatabase:
    """One worker's database on a server, made at the start and dropped at the end."""

    def __init__(self, server: str, name: str) -> None:
        self._server, self._name = server, name
        self.url = _create(server, name)
        store = Store(self.url)
        migrations.upgrade(store)
        store.close()
        self._watch = psycopg.connect(self.url, autocommit=True, options=f"-c lock_timeout={PATIENCE}")
        names = self._watch.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'").fetchall()
        self._tables = sorted({name for (name,) in names} - KEPT)
        self._store = Store(self.url)

    @contextmanager
    def empty(self) -> Iterator[Store]:
        """Give the store on the emptied database."""
        self._clear()
        try:
            yield self._store
        finally:
            self._store.close()

    def drop(self) -> None:
        """Remove the database."""
        self._watch.close()
        _drop(self._server, self._name)

    def _clear(self) -> None:
        touched = self._touched()
        with self._watch.transaction():
            if touched:
                names = sql.SQL(", ").join(sql.Identifier(name) for name in touched)
                self._watch.execute(sql.SQL("TRUNCATE {} RESTART IDENTITY CASCADE").format(names))
            self._watch.execute("DELETE FROM audit_head")
            self._watch.execute("INSERT INTO audit_head (id, last_row, chained) VALUES (1, 0, %s)", [GENESIS])

    def _touched(self) -> set[str]:
        moved = self._watch.execute("SELECT sequencename FROM pg_sequences WHERE last_value IS NOT NULL").fetchall()
        has_rows = sql.SQL(" UNION ALL ").join(
            sql.SQL("SELECT {} WHERE EXISTS (SELECT 1 FROM {})").format(sql.Literal(name), sql.Identifier(name))
            for name in self._tables
        )
        filled = self._watch.execute(has_rows).fetchall()
        counted = {sequence.removesuffix("_id_seq") for (sequence,) in moved}
        return counted & set(self._tables) | {name for (name,) in filled}


@contextmanager
def bare_sqlite(folder: Path) -> Iterator[Store]:
    """Give a store on a database without tables."""
    store = Store(f"sqlite:///{folder}/bare.db")
    try:
        yield store
    finally:
        store.close()


@contextmanager
def bare_postgres(server: str, name: str) -> Iterator[Store]:
    """Give a store on a database without tables, dropped afterwards."""
    store = Store(_create(server, name))
    try:
        yield store
    finally:
        store.close()
        _drop(server, name)


def server_address(shared: Path) -> str:
    """Return the server's address, with ``{}`` where a database's name goes.

    The first worker that asks starts the server; the others find it by the folder that the workers of a run share.
    """
    given = os.environ.get(SERVER_SETTING)
    if given:
        base, mark, options = given.partition("?")
        return f"{base.rpartition('/')[0]}/{{}}{mark}{options}"
    with (shared / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        address = shared / "address"
        if not address.exists():
            # not below the run's own folder: a Unix socket's path is short, and the server's user must reach it
            folder = Path(tempfile.mkdtemp(prefix="frontdoor-pg-"))
            (shared / "server").write_text(str(folder))
            address.write_text(postgres_server.start(folder, run=int((shared / "run").read_text())))
        return address.read_text()


def open_run() -> Path:
    """Make the folder that the workers of this run share."""
    shared = Path(tempfile.mkdtemp(prefix="frontdoor-tests-"))
    (shared / "run").write_text(str(os.getpid()))
    return shared


def close_run(shared: Path) -> None:
    """Stop the run's server, if one was started, and remove the folder."""
    server = shared / "server"
    if server.exists():
        postgres_server.stop(Path(server.read_text()))
    shutil.rmtree(shared, ignore_errors=True)


def _create(server: str, name: str) -> str:
    with psycopg.connect(server.format("postgres"), autocommit=True) as connection:
        connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
    return server.format(name)


def _drop(server: str, name: str) -> None:
    with psycopg.connect(server.format("postgres"), autocommit=True) as connection:
        connection.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name)))
