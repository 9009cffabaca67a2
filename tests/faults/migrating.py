"""Upgrades of the schema killed at random moments: it is the old one or the new one, and the next upgrade ends it.

Every upgrade begins on a database of its own: a file of SQLite, a schema within one database of PostgreSQL.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial

from alembic.script import ScriptDirectory
from sqlalchemy import text

from core import migrations
from core.database import Store
from tests.faults.killing import Killer, Report
from tests.faults.places import Place

SQLITE = "SELECT type, name, sql FROM sqlite_master WHERE name NOT LIKE 'sqlite_%' ORDER BY type, name"
POSTGRESQL = (
    "SELECT table_name, column_name, data_type, is_nullable FROM information_schema.columns"
    " WHERE table_schema = current_schema()"
    " UNION ALL SELECT tablename, indexname, replace(indexdef, current_schema() || '.', ''), ''"
    " FROM pg_indexes WHERE schemaname = current_schema() ORDER BY 1, 2"
)
Shape = tuple[tuple[str, ...], ...]


def run(place: Place, kills: int) -> Report:
    """Kill so many upgrades, from versions old and very old; look at the schema after each, and after the next."""
    killer, found, seen = Killer(place.core, place.chance, place.seconds), Counter[str](), Counter[str]()
    shapes: dict[str, Shape] = {}
    while not killer.is_done(kills):
        old = place.chance.choice(_versions())
        with _database(place, killer.children) as store:
            before = _at(store, old)
            was_killed = killer.take(partial(migrations.upgrade, store))
            after = _shape(store)
            migrations.upgrade(store)
            whole = shapes.setdefault("whole", _shape(store))
            found["half upgraded"] += after not in (before, whole)
            found["not whole at the end"] += _shape(store) != whole or migrations.current(store) != migrations.head()
            seen["killed before the end"] += was_killed and after == before
    return Report(f"upgrade on {place.kind}", killer, +found, seen)


def _versions() -> list[str]:
    """Return where an upgrade begins: with nothing, half-way, and one version ago."""
    known = sorted(each.revision for each in ScriptDirectory.from_config(migrations.configuration()).walk_revisions())
    return ["base", known[len(known) // 2], known[-2]]


def _at(store: Store, version: str) -> Shape:
    """Bring a database to a version; return its shape."""
    if version != "base":
        migrations.upgrade(store, to=version)
    return _shape(store)


def _shape(store: Store) -> Shape:
    """Return what tables, columns and indexes there are; no connection stays open."""
    with store.reading() as session:
        rows = session.execute(text(SQLITE if store.is_sqlite else POSTGRESQL)).all()
    store.close()
    return tuple(tuple(_in_order(str(each)) for each in row) for row in rows)


def _in_order(sql: str) -> str:
    """Return the words of a statement in one order: a table made anew names its constraints now this way, now that."""
    return " ".join(sorted(sql.replace(",", " ").split()))


@contextmanager
def _database(place: Place, number: int) -> Iterator[Store]:
    """Give an empty database, gone with the block."""
    if place.core.store.is_sqlite:
        path = place.folder / f"upgraded-{number}.db"
        store = Store(f"sqlite:///{path}")
        yield store
        store.close()
        for left in place.folder.glob(f"{path.name}*"):
            left.unlink()
        return
    name = f"upgraded_{number}"
    with place.core.store.engine.begin() as connection:
        connection.execute(text(f"CREATE SCHEMA {name}"))
    address = place.core.store.url.update_query_dict({"options": f"-csearch_path={name}"})
    store = Store(address.render_as_string(hide_password=False))
    yield store
    store.close()
    with place.core.store.engine.begin() as connection:
        connection.execute(text(f"DROP SCHEMA {name} CASCADE"))
