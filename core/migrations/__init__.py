"""The schema's versions: bringing a database up to date, and saying where it stands.

An upgrade is one transaction: it happens wholly or not at all, and of two processes that start at once the second
finds nothing left to do. There is no way down: an older version is restored from a backup.
"""

from __future__ import annotations

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, Engine, text

from core.database import Store
from core.errors import SetupError

LOCK = 47_001  # any number that no other advisory lock of this database uses


def upgrade(store: Store, to: str = "head") -> None:
    """Bring the database to the newest version (or to ``to``); one that is there already, or beyond, stays as it is."""
    with store.engine.connect() as connection:
        if store.is_sqlite:
            _check_foreign_keys(connection, on=False)  # a table rebuilt under its old name is dropped on the way
        with connection.begin():
            _apply(connection, to)
        if store.is_sqlite:
            _check_foreign_keys(connection, on=True)


def current(store: Store) -> str | None:
    """Return the database's version, or None for a database without tables."""
    return _version(store.engine)


def serves(version: str | None) -> bool:
    """Return whether this program can work on a database of this version: its own, or a newer one.

    A newer version only adds to the schema while older processes may still run beside it (A61).
    """
    return version == head() or _is_newer(version)


def head() -> str:
    """Return the newest version this program knows."""
    newest = ScriptDirectory.from_config(configuration()).get_current_head()
    if newest is None:
        raise SetupError("core/migrations: no version found; the installation is incomplete")
    return newest


def _is_newer(version: str | None) -> bool:
    return version is not None and version > head()


def _apply(connection: Connection, to: str) -> None:
    if connection.dialect.name == "postgresql":
        connection.execute(text("SET LOCAL statement_timeout = 0"))  # a table is rewritten for as long as it takes
        connection.execute(text("SET LOCAL lock_timeout = 0"))
        connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": LOCK})
    if _is_newer(MigrationContext.configure(connection).get_current_revision()):
        return
    config = configuration()
    config.attributes["connection"] = connection
    command.upgrade(config, to)
    if connection.dialect.name == "sqlite" and connection.exec_driver_sql("PRAGMA foreign_key_check").first():
        raise SetupError("the upgraded database has rows that point nowhere; nothing was changed, restore a backup")


def _check_foreign_keys(connection: Connection, *, on: bool) -> None:
    """Switch SQLite's checking; the driver is asked directly, because inside a transaction the switch does nothing."""
    driver = connection.connection.driver_connection
    if driver is not None:
        driver.execute(f"PRAGMA foreign_keys={'ON' if on else 'OFF'}")


def _version(engine: Engine) -> str | None:
    with engine.connect() as connection:
        return MigrationContext.configure(connection).get_current_revision()


def configuration() -> Config:
    """Return Alembic's settings; its connection is put into ``attributes`` by who calls it."""
    config = Config()
    config.set_main_option("script_location", "core:migrations")
    config.set_main_option("path_separator", "os")
    return config
