from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from typing import Any

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, inspect, text

from core import migrations
from core.audit import GENESIS
from core.database import Store
from core.engines import Patience
from core.migrations.tables import all_tables

# SQLite cannot say what an index of an expression is of; that one is used is held by tests/core/helpdesk/test_lists.py.
pytestmark = [
    pytest.mark.filterwarnings("ignore:Skipped unsupported reflection of expression-based index"),
    pytest.mark.filterwarnings("ignore:autogenerate skipping metadata-specified expression-based index"),
]
COLUMNS = """
    SELECT table_name, column_name, data_type, character_maximum_length, is_nullable, column_default
    FROM information_schema.columns WHERE table_schema = 'public'
"""
INDEXES = "SELECT tablename, indexdef FROM pg_indexes WHERE schemaname = 'public'"
CONDITIONS = """
    SELECT conrelid::regclass, conname, pg_get_constraintdef(oid)
    FROM pg_constraint WHERE connamespace = 'public'::regnamespace
"""
SHAPE = {"sqlite": ("SELECT tbl_name, sql FROM sqlite_master",), "postgresql": (COLUMNS, INDEXES, CONDITIONS)}
"""By what each kind of database says what it holds."""
EACH_SO_MANY, LAST_FEW = 8, 5


def versions() -> list[str]:
    """All versions, the oldest first."""
    script = ScriptDirectory.from_config(migrations.configuration())
    return [each.revision for each in script.walk_revisions()][::-1]


def partial_indexes(store: Store) -> dict[str, Any]:
    """The conditions of all indexes: the comparison of metadata does not look at them."""
    kind = store.engine.dialect.name
    inspector = inspect(store.engine)
    return {
        str(index["name"]): str(index.get("dialect_options", {}).get(f"{kind}_where"))
        for table in inspector.get_table_names()
        for index in inspector.get_indexes(table)
    }


def differences(store: Store) -> list[Any]:
    with store.engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True, "compare_server_default": True})
        return list(compare_metadata(context, all_tables()))


def shape(connection: Connection) -> list[str]:
    """What a database holds, a line each; SQLite writes a table's conditions down in any order."""
    rows = [row for question in SHAPE[connection.dialect.name] for row in connection.execute(text(question))]
    words = [(table, " ".join(map(str, cells))) for table, *cells in rows]
    return sorted(f"{table}: {line.strip().rstrip(',')}" for table, lines in words for line in lines.splitlines())


def newest_from_here(store: Store) -> list[str]:
    """What an upgrade to the newest version would make of a database, which stays as it is."""
    with store.engine.connect() as connection:
        if store.is_sqlite:
            migrations._check_foreign_keys(connection, on=False)
        with connection.begin() as way:
            migrations._apply(connection, "head")
            found = shape(connection)
            way.rollback()
    return found


def test_a_migrated_database_has_exactly_the_tables_of_the_models(store: Store) -> None:
    assert differences(store) == []


def test_a_migrated_database_has_the_conditions_of_the_models_indexes(bare_store: Store) -> None:
    all_tables().create_all(bare_store.engine)
    expected = partial_indexes(bare_store)
    all_tables().drop_all(bare_store.engine)
    migrations.upgrade(bare_store)
    assert partial_indexes(bare_store) == expected
    assert any("IS NULL" in each for each in expected.values())


def test_every_version_comes_up_from_the_one_before_and_the_last_is_the_models(bare_store: Store) -> None:
    for version in versions():
        migrations.upgrade(bare_store, to=version)
        assert migrations.current(bare_store) == version
    assert migrations.current(bare_store) == migrations.head()
    assert differences(bare_store) == []


def test_from_an_old_version_the_newest_is_reached_in_one_go(bare_store: Store) -> None:
    """As for whoever left versions out: all that lies between in one transaction, here taken back again.

    From the last few, from which most come, and from some of the others: their way is part of a longer one.
    """
    reached = {}
    for version in sorted({*versions()[::EACH_SO_MANY], *versions()[-LAST_FEW:]}):
        migrations.upgrade(bare_store, to=version)
        reached[version] = newest_from_here(bare_store)
    assert len(reached[migrations.head()]) > len(all_tables().tables)
    assert {version: found for version, found in reached.items() if found != reached[migrations.head()]} == {}


def test_a_database_without_tables_has_no_version(bare_store: Store) -> None:
    assert migrations.current(bare_store) is None


def test_upgrading_twice_changes_nothing(store: Store) -> None:
    migrations.upgrade(store)
    with store.reading() as session:
        assert session.execute(text("SELECT id, chained FROM audit_head")).all() == [(1, GENESIS)]


def test_two_processes_upgrade_at_once(bare_store: Store) -> None:
    url, patient = bare_store.url.render_as_string(hide_password=False), Patience(busy=60)  # SQLite waits for all of it
    with closing(Store(url, patient)) as one, closing(Store(url, patient)) as other:
        with ThreadPoolExecutor(2) as both:
            list(both.map(migrations.upgrade, (one, other)))
        assert migrations.current(other) == migrations.head()


def test_an_upgrade_that_fails_leaves_nothing(bare_store: Store) -> None:
    with bare_store.engine.begin() as connection:
        connection.execute(text("CREATE TABLE units (id INTEGER PRIMARY KEY)"))
    with pytest.raises(Exception, match="units"):
        migrations.upgrade(bare_store)
    assert inspect(bare_store.engine).get_table_names() == ["units"]


def test_sqlite_checks_foreign_keys_again_after_an_upgrade(sqlite_store: Store) -> None:
    migrations.upgrade(sqlite_store)
    with sqlite_store.reading() as session:
        assert session.execute(text("PRAGMA foreign_keys")).scalar() == 1
