"""How a database of each kind is opened: with which waits, which pool, and how a transaction begins.

SQLite before 3.51.3 has a fault: of two connections that write and clear the log at the same instant one may spoil the
file. It is accepted here, with Python's own SQLite and without another package to keep: writers of the one process
that SQLite is for take turns, so that only a command beside it could be the second, and SQLite makes that one wait.
Whoever runs several processes runs PostgreSQL. ``readyz`` shows the version.
"""

from __future__ import annotations

import os
import sqlite3
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from time import sleep

from sqlalchemy import URL, Connection, Engine, ExceptionContext, create_engine, event, make_url
from sqlalchemy.exc import ArgumentError

from core.errors import SetupError

OWNER_ONLY = 0o600
WAL_TRIES = 50
POOLED, MORE_AT_ONCE = 10, 10  # connections of one process to PostgreSQL: kept, and more when all are in use
RENEWED_AFTER_SECONDS = 1800  # a proxy in between forgets a connection that is silent for long
ASKED_AFTER_SECONDS, ASKED_EVERY_SECONDS, ASKED_TIMES = 30, 5, 4
ONLY_READS = "25006"  # PostgreSQL's read_only_sql_transaction
READING = "frontdoor_reading"
"""The option by which a connection says that it only reads."""


@dataclass(frozen=True)
class Patience:
    """How many seconds the database may keep somebody waiting before it is an error.

    Longer than any wait of a healthy house, shorter than a person's or a proxy's patience (a minute).
    """

    busy: float = 5
    """SQLite: another process writes."""
    lock: float = 20
    """Another thread of this process writes (SQLite), another transaction holds the row (PostgreSQL)."""
    connect: float = 5
    pool: float = 10
    """Until one of the connections is free."""
    statement: float = 30
    idle: float = 60
    """A transaction in which nothing happens: whoever began it is gone or stuck, and holds up others."""
    silence: float = 15
    """PostgreSQL: the network takes what is said to the server, and nothing comes back that it arrived. A firewall that
    forgot the connection, or a machine that is gone, says nothing; by itself the kernel would wait for a quarter of an
    hour."""


PATIENCE = Patience()


def parts_of(url: str) -> URL:
    """Return a database's address in its parts; raises ``SetupError`` for what is none."""
    try:
        return make_url(url)
    except (ArgumentError, ValueError):  # the second for a port that is no number
        raise SetupError("FRONTDOOR_DATABASE_URL: not an address; use sqlite:///… or postgresql://…") from None


def an_engine(url: str, patience: Patience) -> Engine:
    """Return the engine of a database; raises ``SetupError`` for a kind that is not supported."""
    parsed = parts_of(url)
    if parsed.get_backend_name() == "sqlite":
        return _sqlite_engine(url, patience)
    if parsed.get_backend_name() == "postgresql":
        return _postgres_engine(parsed, patience)
    raise SetupError(f"FRONTDOOR_DATABASE_URL: {parsed.drivername} is not supported; use sqlite:///… or postgresql://…")


def _postgres_engine(url: URL, patience: Patience) -> Engine:
    waits = {
        "statement_timeout": patience.statement,
        "lock_timeout": patience.lock,
        "idle_in_transaction_session_timeout": patience.idle,
    }
    options = " ".join(f"-c {name}={round(seconds * 1000)}" for name, seconds in waits.items())
    given = url.query.get("options", "")
    engine = create_engine(
        url.set(drivername="postgresql+psycopg"),
        connect_args={
            "connect_timeout": round(patience.connect),
            "options": f"{options} {given}".strip(),
            **{name: value for name, value in _watched(patience.silence).items() if name not in url.query},
        },
        pool_pre_ping=True,
        pool_size=POOLED,
        max_overflow=MORE_AT_ONCE,
        pool_timeout=patience.pool,
        pool_recycle=RENEWED_AFTER_SECONDS,
        hide_parameters=True,
    )
    event.listen(engine, "handle_error", _renew_what_only_reads)
    return engine


def _renew_what_only_reads(met: ExceptionContext) -> None:
    """Give up connections that may not write: one that began while the database took nothing, because its disk was full
    or another server took over, would go on like that for as long as it lives.
    """
    if getattr(met.original_exception, "sqlstate", None) == ONLY_READS:
        met.is_disconnect = True


def _watched(silence: float) -> dict[str, int]:
    """Return how a connection finds out that nobody is at its other end; a Unix socket has no use for it.

    While it is idle, or waits for an answer, it asks now and then, which also keeps a firewall from forgetting it.
    """
    asked = {"keepalives": 1, "keepalives_idle": ASKED_AFTER_SECONDS, "keepalives_interval": ASKED_EVERY_SECONDS}
    return {**asked, "keepalives_count": ASKED_TIMES, "tcp_user_timeout": round(silence * 1000)}


def _sqlite_engine(url: str, patience: Patience) -> Engine:
    path = make_url(url).database
    engine = create_engine(
        url, connect_args={"timeout": patience.busy}, pool_timeout=patience.pool, hide_parameters=True
    )
    if path and path != ":memory:":
        Path(path).parent.mkdir(parents=True, exist_ok=True)
        event.listen(engine, "do_connect", partial(_make_file, Path(path)))
    event.listen(engine, "connect", partial(_prepare_sqlite, patience))
    event.listen(engine, "begin", _begin_sqlite)
    return engine


def _make_file(path: Path, *_connecting: object) -> None:
    """Make a new file its owner's alone before SQLite makes it everybody's to read; its log follows it."""
    with suppress(OSError):  # one that is there stays as it is, and what cannot be made SQLite says itself
        os.close(os.open(path, os.O_CREAT | os.O_EXCL, OWNER_ONLY))


def _prepare_sqlite(patience: Patience, connection: sqlite3.Connection, _record: object) -> None:
    connection.isolation_level = None  # the driver begins nothing by itself: _begin_sqlite does
    for pragma in (
        f"busy_timeout={round(patience.busy * 1000)}",
        "synchronous=FULL",  # a stored webhook survives a power cut
        "foreign_keys=ON",
    ):
        connection.execute(f"PRAGMA {pragma}")
    _keep_a_log(connection, patience)


def _keep_a_log(connection: sqlite3.Connection, patience: Patience) -> None:
    """Switch to WAL, once for the file. Two processes that open a new file at once get in each other's way there, and
    SQLite does not wait by itself: the second waits until the first has switched.
    """
    for _ in range(WAL_TRIES):
        try:
            connection.execute("PRAGMA journal_mode=WAL")
        except sqlite3.OperationalError:
            sleep(patience.busy / WAL_TRIES)
        else:
            return
    raise SetupError("FRONTDOOR_DATABASE_URL: another process holds the database locked; end it and try again")


def _begin_sqlite(connection: Connection) -> None:
    reading = connection.get_execution_options().get(READING, False)
    connection.exec_driver_sql("BEGIN" if reading else "BEGIN IMMEDIATE")
