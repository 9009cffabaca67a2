"""The database: one base for all tables, instants that keep their zone, transactions that roll back by default.

SQLite (WAL, one process) and PostgreSQL run the same code. On SQLite a write transaction begins with BEGIN IMMEDIATE
and takes a lock of this process first: two writers then wait for each other instead of failing half-way. Nothing that
waits for the network belongs inside a transaction. No wait is without end (A58): whoever waited too long gets an error
of SQLAlchemy's, has changed nothing, and may try again.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from enum import StrEnum
from errno import ENOSPC
from functools import cache
from pathlib import Path
from shutil import disk_usage
from threading import Lock
from typing import Any, ClassVar, cast

from sqlalchemy import (
    Connection,
    DateTime,
    Dialect,
    Executable,
    LargeBinary,
    MetaData,
    String,
    Table,
    inspect,
    make_url,
    text,
)
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.exc import OperationalError
from sqlalchemy.exc import TimeoutError as WaitedTooLong
from sqlalchemy.orm import DeclarativeBase, Session
from sqlalchemy.types import TypeDecorator

from core.engines import PATIENCE, READING, Patience, an_engine
from core.newer import unknown
from core.secrets import Sealed

LEAST_FREE_BYTES = 64 * 1024 * 1024  # less on the disk of SQLite's file, and readyz is red: the log must still grow
TOOK_TOO_LONG = "57014"  # PostgreSQL's query_canceled, also by statement_timeout
ROOM_BYTES = 64 * 1024  # more than the pages that the rows of one webhook, with their indexes, may need anew


class UtcDateTime(TypeDecorator[datetime]):
    """An aware instant. Naive values are refused: SQLite would store 08:00+08:00 as a bare 08:00."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Refuse a naive instant; hand over UTC."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError(f"naive instant {value!r}: give it a time zone")
        utc = value.astimezone(UTC)
        return utc.replace(tzinfo=None) if dialect.name == "sqlite" else utc

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Return an aware UTC instant."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if dialect.name == "sqlite" else value.astimezone(UTC)


class SealedText(TypeDecorator[Sealed]):
    """Encrypted personal data: opened with the vault, by those who mean to show it."""

    impl = LargeBinary
    cache_ok = True

    def process_bind_param(self, value: Sealed | None, dialect: Dialect) -> bytes | None:  # noqa: ARG002 (its signature)
        """Hand over the cipher text; a bare string is refused before it can be stored readable."""
        if value is None:
            return None
        if not isinstance(value, Sealed):
            raise TypeError("personal data is stored sealed: vault.seal(text)")
        return value.token

    def process_result_value(self, value: bytes | None, dialect: Dialect) -> Sealed | None:  # noqa: ARG002
        """Return the sealed value, still closed."""
        return None if value is None else Sealed(bytes(value))


class EnumText(TypeDecorator[StrEnum]):
    """A ``StrEnum`` stored as its value. One only a newer version knows can be read; ``or_none``: as None (A61)."""

    impl = String(40)
    cache_ok = True

    def __init__(self, kind: type[StrEnum], *, or_none: bool = False) -> None:
        super().__init__()
        self.kind, self.or_none = kind, or_none
        self._known = {each.value: each for each in kind}

    def process_bind_param(self, value: StrEnum | str | None, dialect: Dialect) -> str | None:  # noqa: ARG002
        """Check that the value belongs to the enum."""
        return None if value is None else self.kind(value).value

    def process_result_value(self, value: str | None, dialect: Dialect) -> StrEnum | None:  # noqa: ARG002
        """Return the enum's member, or what stands for an unknown value."""
        if value is None or (self.or_none and value not in self._known):
            return None
        return self._known.get(value) or unknown(self.kind, value)


class Base(DeclarativeBase):
    """The base of all tables; constraint names are fixed so that migrations can speak of them."""

    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "fk": "fk_%(table_name)s_%(column_0_N_name)s",
            "pk": "pk_%(table_name)s",
        }
    )
    type_annotation_map: ClassVar[dict[Any, Any]] = {datetime: UtcDateTime(), Sealed: SealedText()}


class Store:
    """An engine and its transactions."""

    def __init__(self, url: str, patience: Patience = PATIENCE) -> None:
        self.url = make_url(url)
        self.is_sqlite = self.url.get_backend_name() == "sqlite"
        self.engine = an_engine(url, patience)
        self._patience = patience
        self._reader = self.engine.execution_options(**{READING: True})
        self._writer = Lock()

    @contextmanager
    def transaction(self) -> Iterator[Session]:
        """Open a write transaction: returning commits, raising rolls back."""
        with self._turn_to_write(), Session(self.engine, expire_on_commit=False) as session, session.begin():
            yield session

    @contextmanager
    def writing(self) -> Iterator[Connection]:
        """Open a write transaction without a session: for ready statements that know no objects."""
        with self._turn_to_write(), self.engine.begin() as connection:
            yield connection

    @contextmanager
    def reading(self) -> Iterator[Session]:
        """Open a transaction that only reads; it waits for no writer on SQLite."""
        with Session(self._reader, expire_on_commit=False) as session:
            yield session

    def try_to_write(self) -> None:
        """Pass when something could be stored now, and store nothing; raises as any write would (A59).

        Read-only, locked for too long, or full: a new table takes as much room as some rows with all their indexes,
        and is taken back at once. A full disk shows only when SQLite writes its log: what is free there is asked, too.
        """
        if self.is_sqlite and self.url.database not in (None, "", ":memory:"):
            free = disk_usage(Path(str(self.url.database)).parent).free
            if free < LEAST_FREE_BYTES:
                raise OSError(ENOSPC, "the disk of the database is full")
        with self.transaction() as session:
            if self.is_sqlite:
                session.execute(text(f"CREATE TABLE room_for_more AS SELECT zeroblob({ROOM_BYTES}) AS room"))
            else:
                session.execute(text("UPDATE alembic_version SET version_num = version_num WHERE false"))
            session.rollback()

    def close(self) -> None:
        """Close all connections."""
        self.engine.dispose()

    @contextmanager
    def _turn_to_write(self) -> Iterator[None]:
        if not self.is_sqlite:
            yield
            return
        if not self._writer.acquire(timeout=self._patience.lock):
            raise WaitedTooLong("another thread writes for too long; nothing was changed")
        try:
            yield
        finally:
            self._writer.release()


def was_away(error: Exception) -> bool:
    """Return whether the database could not be asked: gone, locked, full, or too many asked at once.

    That a statement took too long, or is wrong, is a fault of who asked.
    """
    if isinstance(error, WaitedTooLong):
        return True
    return isinstance(error, OperationalError) and getattr(error.orig, "sqlstate", None) != TOOK_TOO_LONG


def insert_once(session: Session, table: type[Base], values: dict[str, object], *, key: str) -> int | str | None:
    """Insert a row unless one with the same ``key`` column stands; return its primary key, or None when one stood.

    The database decides, so two processes that try at once insert one row.
    """
    inserted: int | str | None = session.scalar(_inserting_once(table, key, on_sqlite=is_sqlite(session)), values)
    return inserted


@cache
def _inserting_once(table: type[Base], key: str, *, on_sqlite: bool) -> Executable:
    """Return the statement for a table and its key, built once; the columns are those of the values it is given."""
    insert = sqlite.insert if on_sqlite else postgresql.insert
    statement = insert(cast("Table", table.__table__)).on_conflict_do_nothing(index_elements=[key])
    return statement.returning(inspect(table).primary_key[0])


def is_sqlite(session: Session) -> bool:
    """Return whether this session speaks to SQLite, which knows no row locks and needs none."""
    return session.get_bind().dialect.name == "sqlite"
