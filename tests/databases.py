"""Fresh, migrated, empty databases for tests: a copied file of SQLite, an emptied database of PostgreSQL.

The schema is made once per worker, by the migrations. Between two tests on PostgreSQL rows are deleted and connections
stay open: truncating a table makes new files for it and has every connection plan anew, ten times the time. No test
pulls the plug of the machine, so neither kind waits for the disk; that a store of the house does is a test of its own.
"""

from __future__ import annotations

import fcntl
import os
import shutil
import sqlite3
import tempfile
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import LiteralString, TypeVar, cast

import psycopg
from psycopg import sql
from sqlalchemy import event, select

from core import migrations
from core.accounts.models import Unit
from core.audit import GENESIS
from core.context import Core
from core.database import Store
from tests import postgres_server

T = TypeVar("T")
SERVER_SETTING = "TEST_DATABASE_URL"
KEPT = {"alembic_version", "audit_head"}  # what the migrations themselves put in
LARGE = 1 << 20  # bytes; deleted rows keep their place in the file, so a table that grew is truncated after all
PATIENCE = "10s"  # a test that left a transaction open is named by an error, not by waiting for ever

SIZES: LiteralString = "SELECT relname, pg_relation_size(oid) FROM pg_class WHERE relkind = 'r' AND relname = ANY(%s)"
FIRST_NUMBERS: LiteralString = (
    "SELECT setval(format('%I', sequencename)::regclass, 1, false) FROM pg_sequences WHERE last_value IS NOT NULL"
)

TABLES: LiteralString = "SELECT tablename FROM pg_tables WHERE schemaname = 'public'"
KEPT_SCHEMAS: LiteralString = "SELECT count(*) FROM pg_namespace WHERE nspname LIKE 'kept_%'"
NUMBERS: LiteralString = "SELECT format('%I', sequencename), last_value FROM pg_sequences WHERE last_value IS NOT NULL"


class SqliteFiles:
    """Copies of one migrated file. One engine serves all tests of a worker: what it has compiled stays compiled.

    A ``durable`` one waits for the disk, as the house's does.
    """

    def __init__(self, folder: Path, *, durable: bool = False) -> None:
        self._template = folder / "template.db"
        store = hasty_sqlite(self._template)
        migrations.upgrade(store)
        store.close()
        self._path = folder / "frontdoor.db"
        self._store = Store(f"sqlite:///{self._path}") if durable else hasty_sqlite(self._path)

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


def hasty_sqlite(path: Path) -> Store:
    """Return a store on a file that does not wait until the disk has what is written: half of a test's time."""
    store = Store(f"sqlite:///{path}")
    event.listen(store.engine, "connect", _write_without_waiting)
    return store


def _write_without_waiting(connection: sqlite3.Connection, _record: object) -> None:
    connection.execute("PRAGMA synchronous=OFF")


def kept(store: Store) -> Callable[[], None]:
    """Keep what an SQLite database holds now; the function returned puts it back, whatever was done since."""
    path = Path(str(store.url.database))
    store.close()
    image = path.read_bytes()

    def put_back() -> None:
        store.close()
        for left in path.parent.glob(f"{path.name}*"):
            left.unlink()
        path.write_bytes(image)

    return put_back


def kept_rows(store: Store) -> Callable[[], None]:
    """Keep the rows of a PostgreSQL database; the function returned puts them back into an emptied one.

    They are kept beside it, in a schema of their own; one statement brings all of them, so their order is free.
    """
    with _driven(store) as connection:
        schema = f"kept_{connection.execute(KEPT_SCHEMAS).fetchall()[0][0]}"
        connection.execute(sql.SQL("CREATE SCHEMA {}").format(sql.Identifier(schema)))
        names = [name for (name,) in connection.execute(TABLES).fetchall() if name != "alembic_version"]
        filled = [name for name in names if _has_rows(connection, name)]
        for name in filled:
            copy = sql.SQL("CREATE TABLE {} AS TABLE {}")
            connection.execute(copy.format(sql.Identifier(schema, name), sql.Identifier(name)))
        numbers = connection.execute(NUMBERS).fetchall()
    bring = _bringing(schema, filled)

    def put_back() -> None:
        with _driven(store) as connection:
            connection.execute("DELETE FROM audit_head")
            connection.execute(bring)
            for sequence, last in numbers:
                connection.execute("SELECT setval(%s, %s)", [sequence, last])

    return put_back


@contextmanager
def _driven(store: Store) -> Iterator[psycopg.Connection]:
    with store.writing() as connection:
        yield cast("psycopg.Connection", connection.connection.driver_connection)


def _has_rows(connection: psycopg.Connection, table: str) -> bool:
    return bool(connection.execute(sql.SQL("SELECT FROM {} LIMIT 1").format(sql.Identifier(table))).fetchall())


def _bringing(schema: str, tables: Iterable[str]) -> sql.Composed:
    """Return one statement that fills these tables from those of the same names."""
    parts = (
        sql.SQL("{} AS (INSERT INTO {} SELECT * FROM {})").format(
            sql.Identifier(f"some_{each}"), sql.Identifier(each), sql.Identifier(schema, each)
        )
        for each in tables
    )
    return sql.SQL("WITH {} SELECT").format(sql.SQL(", ").join(parts))


class Beginnings:
    """What many tests begin with: the first one of a worker builds it, the others get it put back."""

    def __init__(self) -> None:
        self._built: dict[tuple[object, ...], tuple[object, Callable[[], None]]] = {}

    def of(self, core: Core, build: Callable[[Core], T]) -> T:
        """Return what ``build`` stored and returned, on a database in which nothing else stands yet.

        It must do the same whenever it is called at this moment: its policy is that of its folder's tests.
        """
        with core.store.reading() as session:
            assert session.scalar(select(Unit.id).limit(1)) is None, "what stood there would be gone"
        beginning = build, core.store.is_sqlite, core.clock.now()
        if beginning not in self._built:
            built = build(core)
            self._built[beginning] = (built, kept(core.store) if core.store.is_sqlite else kept_rows(core.store))
            return built
        found, put_back = self._built[beginning]
        put_back()
        return cast("T", found)


class PostgresDatabase:
    """One worker's database on a server, made at the start and dropped at the end."""

    def __init__(self, server: str, name: str) -> None:
        self._server, self._name = server, name
        self.url = _create(server, name)
        store = Store(self.url)
        migrations.upgrade(store)
        store.close()
        self._watch = psycopg.connect(self.url, autocommit=True, options=f"-c lock_timeout={PATIENCE}")
        names = self._watch.execute(TABLES).fetchall()
        self._tables = sorted({name for (name,) in names} - KEPT)
        self._delete = _deletion(self._tables)
        self._store = Store(self.url)

    @contextmanager
    def empty(self) -> Iterator[Store]:
        """Give the store on the emptied database."""
        self._clear()
        yield self._store

    def drop(self) -> None:
        """Remove the database."""
        self._store.close()
        self._watch.close()
        _drop(self._server, self._name)

    def _clear(self) -> None:
        with self._watch.transaction():
            self._watch.execute(sql.SQL("LOCK TABLE {}").format(_names((*self._tables, "audit_head"))))
            large = [name for name, size in self._watch.execute(SIZES, [self._tables]).fetchall() if size > LARGE]
            if large:
                self._watch.execute(sql.SQL("TRUNCATE {} CASCADE").format(_names(large)))
            self._watch.execute(self._delete, prepare=True)
            self._watch.execute(FIRST_NUMBERS)
            self._watch.execute("DELETE FROM audit_head")
            self._watch.execute("INSERT INTO audit_head (id, last_row, chained) VALUES (1, 0, %s)", [GENESIS])


def _names(tables: Iterable[str]) -> sql.Composed:
    return sql.SQL(", ").join(sql.Identifier(each) for each in tables)


def _deletion(tables: Iterable[str]) -> sql.Composed:
    """Return one statement that empties all tables: foreign keys are looked at after it, so their order is free."""
    parts = (
        sql.SQL("{} AS (DELETE FROM {})").format(sql.Identifier(f"no_{each}"), sql.Identifier(each)) for each in tables
    )
    return sql.SQL("WITH {} SELECT").format(sql.SQL(", ").join(parts))


@contextmanager
def bare_sqlite(folder: Path) -> Iterator[Store]:
    """Give a store on a database without tables."""
    store = hasty_sqlite(folder / "bare.db")
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


def server_address(shared: Path, *, durable: bool = False) -> str:
    """Return the server's address, with ``{}`` where a database's name goes.

    The first worker that asks starts the server; the others find it by the folder that the workers of a run share.
    A ``durable`` one waits for the disk, as the house's does; one that is given is as it is.
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
            run = int((shared / "run").read_text())
            address.write_text(postgres_server.start(folder, run, durable=durable))
        return address.read_text()


def start_server_again(shared: Path) -> None:
    """End the run's own server in the midst of everything, as a crash would, and wait until it is back."""
    postgres_server.start_again(Path((shared / "server").read_text()))


def has_own_server(shared: Path) -> bool:
    """Return whether the server is the run's own, and no given one."""
    return (shared / "server").exists()


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
