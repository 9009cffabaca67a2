"""Writing many rows by one statement: on PostgreSQL all of them travel as one JSON document, in one round trip.

Row by row, each costs the server a statement and the network a message; as arrays, the driver looks at every value.
SQLite has neither server nor network, so there the driver runs a statement once a row. Statements are built once: when
a module is loaded, and for SQLite's driver when first run. And PostgreSQL should plan for as many rows as there are
now, not as there were at night: ``measure_anew`` and ``in_the_order_of_an_index`` see to it.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import date, datetime
from functools import cached_property
from itertools import islice
from types import NoneType
from typing import Any, TypeAlias, TypeVar
from uuid import UUID

from pydantic_core import to_json
from sqlalchemy import JSON, ColumnElement, Executable, Table, Text, bindparam, cast, column, func, select, text
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session
from sqlalchemy.sql.dml import Update, UpdateBase
from sqlalchemy.types import TypeEngine

from core.database import Base, is_sqlite
from core.secrets import Sealed

BATCH = 500  # rows asked for, or written, by one statement

T = TypeVar("T")
Rows: TypeAlias = Sequence[Mapping[str, object]]
Types: TypeAlias = Mapping[str, TypeEngine[Any]]
Values: TypeAlias = Mapping[str, ColumnElement[Any]]
"""The values of one row, as a statement speaks of them."""

_GROWN = text("""
    SELECT relname FROM pg_class
    WHERE relname = ANY(:names) AND relkind = 'r' AND pg_table_is_visible(oid)
    AND pg_relation_size(oid) > 2 * greatest(relpages, 4) * current_setting('block_size')::int
    """)
"""Tables of a few pages are as well read from end to end."""
_CHOOSE = text("""
    SELECT stood.*, set_config('enable_sort', 'off', true), set_config('jit', 'off', true)
    FROM (SELECT current_setting('enable_sort') AS sorts, current_setting('jit') AS jit OFFSET 0) AS stood
    """)
_PUT_BACK = text("SELECT set_config('enable_sort', :sorts, true), set_config('jit', :jit, true)")


def in_batches(rows: Iterable[T], size: int = BATCH) -> Iterator[Sequence[T]]:
    """Yield the rows in groups of at most ``size``."""
    left = iter(rows)
    while batch := tuple(islice(left, size)):
        yield batch


class Many:
    """A statement for as many rows as there are, in both dialects."""

    def __init__(self, on_sqlite: UpdateBase, on_postgresql: UpdateBase) -> None:
        self._on_sqlite, self._on_postgresql = on_sqlite, on_postgresql

    def run(self, session: Session, rows: Rows) -> None:
        """Run it for all of these rows; no two may change the same row of the table. Without rows, do nothing."""
        if not rows:
            return
        if is_sqlite(session):
            session.connection().exec_driver_sql(self._row_by_row.text, [*map(self._row_by_row.made, rows)])
        else:
            session.connection().execute(self._on_postgresql, {"rows": _document(rows)})

    def run_where(self, session: Session, rows: Rows, mine: Callable[[], set[int]]) -> set[int]:
        """Run it for those rows that still are as the statement asks; return the ids of those it changed.

        PostgreSQL tells them by itself. SQLite's driver does not for many rows: there ``mine`` says them before, and
        only those are written; nobody else writes meanwhile. Rows name theirs as ``its_id``.
        """
        if not rows:
            return set()
        if is_sqlite(session):
            found = mine()
            self.run(session, [row for row in rows if row["its_id"] in found])
            return found
        return set(session.connection().execute(self._telling, {"rows": _document(rows)}).scalars())

    def insert_telling(self, session: Session, rows: Rows, name: str) -> dict[object, int]:
        """Insert all of these rows; return the ids of those that did not stand already, by a column of theirs."""
        if not rows:
            return {}
        table = self._on_postgresql.table
        told = (table.c[name].label("its_name"), table.c.id)
        if is_sqlite(session):
            found = session.connection().execute(self._on_sqlite.returning(*told), [dict(row) for row in rows])
        else:
            found = session.connection().execute(self._on_postgresql.returning(*told), {"rows": _document(rows)})
        return {row.its_name: row.id for row in found}

    @cached_property
    def _row_by_row(self) -> _RowByRow:
        return _RowByRow(self._on_sqlite)

    @cached_property
    def _telling(self) -> Executable:
        table = self._on_postgresql.table
        return self._on_postgresql.returning(table.c.id)


class _RowByRow:
    """A statement as SQLite's driver takes it: its text, and what makes each value one of the driver's."""

    def __init__(self, statement: UpdateBase) -> None:
        dialect = sqlite.dialect(paramstyle="named")
        ready = statement.compile(dialect=dialect)
        kinds = {name: value.type.dialect_impl(dialect) for value, name in ready.bind_names.items()}
        self._makers = {name: make for name, kind in kinds.items() if (make := kind.bind_processor(dialect))}
        self._fixed = self._each_made(ready.params)
        self.text = ready.string

    def made(self, row: Mapping[str, object]) -> dict[str, object]:
        """Return one row for the driver, with what is the same in all rows."""
        return self._fixed | self._each_made(row)

    def _each_made(self, row: Mapping[str, object]) -> dict[str, object]:
        makers = self._makers
        return {name: makers[name](value) if name in makers else value for name, value in row.items()}


def changing(types: Types, build: Callable[[Values], Update]) -> Many:
    """Return the statement that ``build`` makes of the values of a row, for many rows of these names and types."""
    return Many(build(_bound(types)), build(_given(types)))


def inserting(
    table: Table,
    names: Collection[str],
    *,
    key: Sequence[str] = (),
    newest: Collection[str] = (),
    leaves_doubles: bool = False,
) -> Many:
    """Return the statement that inserts many rows of these columns.

    Where ``key`` is given and a row with it stands already, its columns ``newest`` are written anew; without any, it
    is left as it is. ``leaves_doubles``: so is one that stands already by any unique index, also one of some rows only.
    """
    types = {name: table.c[name].type for name in names}
    on_sqlite = sqlite.insert(table).values(_bound(types))
    on_postgresql = postgresql.insert(table).from_select(list(names), select(*_given(types).values()))
    if newest:
        excluded = {name: on_sqlite.excluded[name] for name in newest}
        on_sqlite = on_sqlite.on_conflict_do_update(index_elements=key, set_=excluded)
        excluded = {name: on_postgresql.excluded[name] for name in newest}
        on_postgresql = on_postgresql.on_conflict_do_update(index_elements=key, set_=excluded)
    elif key or leaves_doubles:
        on_sqlite = on_sqlite.on_conflict_do_nothing(index_elements=key or None)
        on_postgresql = on_postgresql.on_conflict_do_nothing(index_elements=key or None)
    return Many(on_sqlite, on_postgresql)


def measure_anew(session: Session, *tables: type[Base]) -> None:
    """Have PostgreSQL look at those of these tables that have doubled since it last did.

    It plans a statement, and how it looks a foreign key up, once a connection: a table that was empty then is read from
    end to end for every row that points to it, until the server measures it by itself, a minute later at the earliest.
    A table that somebody else measures at this moment is left out. SQLite plans without asking for sizes.
    """
    if is_sqlite(session):
        return
    names = [each.__tablename__ for each in tables]
    if grown := session.scalars(_GROWN, {"names": names}).all():
        session.execute(text(f"ANALYZE (SKIP_LOCKED) {', '.join(grown)}"))


@contextmanager
def in_the_order_of_an_index(session: Session) -> Iterator[None]:
    """Have PostgreSQL find the first rows of an order by walking an index, as long as the block lasts.

    It guesses how many rows wait by what it measured last, at night mostly that none do. Then it holds that to fetch
    all and to sort them is cheap, and in the morning fetches ten thousand rows for the first hundred, each time anew.
    """
    if is_sqlite(session):
        yield
        return
    connection = session.connection()
    stood = connection.execute(_CHOOSE).one()
    yield
    connection.execute(_PUT_BACK, {"sorts": stood.sorts, "jit": stood.jit})


def _bound(types: Types) -> dict[str, ColumnElement[Any]]:
    return {name: bindparam(name, type_=kind) for name, kind in types.items()}


def _given(types: Types) -> dict[str, ColumnElement[Any]]:
    """Return the columns of the document's rows."""
    columns = (column(name, kind) for name, kind in types.items())
    rows = func.json_to_recordset(cast(bindparam("rows", type_=Text()), JSON())).table_valued(*columns)
    given = rows.render_derived(name="given", with_types=True)
    return {name: given.c[name] for name in types}


def _document(rows: Rows) -> str:
    plain = [
        {name: value if type(value) in _PLAIN else _made_plain(value) for name, value in row.items()} for row in rows
    ]
    return to_json(plain).decode()


_PLAIN = frozenset({NoneType, bool, int, float, str, UUID})
"""What the library writes as PostgreSQL reads it, without another look: most values are of these."""


def _made_plain(value: object) -> object:
    """Return another value so; a naive instant is refused, as ``UtcDateTime`` does."""
    if isinstance(value, datetime) and value.tzinfo is None:
        raise ValueError(f"naive instant {value!r}: give it a time zone")
    if isinstance(value, Sealed):
        return f"\\x{value.token.hex()}"
    if isinstance(value, (str, int, date, list, dict)):
        return value
    raise TypeError(f"no column holds {type(value).__name__}")
