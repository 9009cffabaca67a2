"""Asking for many at once: the condition that a column is one of as many values as there are, in one parameter.

``IN`` with a parameter for each value is another text for each number of them. To write two hundred of them out, and to
have the driver and the server read them, cost more than what was asked for. Here all values travel as one JSON list,
and the text stays the same, so that it is made, and prepared, once.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable
from enum import StrEnum
from typing import Any, Self

from sqlalchemy import JSON, Boolean, Column, ColumnElement, Dialect, Text, bindparam, cast, func, literal_column
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.orm import InstrumentedAttribute
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.functions import FunctionElement
from sqlalchemy.sql.operators import OperatorType
from sqlalchemy.sql.selectable import TableValuedAlias
from sqlalchemy.types import TypeDecorator


class _JsonList(TypeDecorator[Collection[int | str]]):
    """Many values as the text of one JSON list."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: Collection[int | str] | None, dialect: Dialect) -> str | None:  # noqa: ARG002
        """Return the list; the values need no order."""
        return None if value is None else json.dumps(list(value))


class _Among(FunctionElement[bool]):
    """A column and the parameter that holds the values."""

    type = Boolean()
    inherit_cache = True
    name = "among"

    def self_group(self, against: OperatorType | None = None) -> Self:  # noqa: ARG002 (its signature)
        """Stay as it is: SQLite asks no index about a condition that is compared with 1."""
        return self


def among(column: ColumnElement[Any] | InstrumentedAttribute[Any], name: str) -> ColumnElement[bool]:
    """Return the condition that a column of numbers or texts is one of the values given as the parameter ``name``."""
    return _Among(column, bindparam(name, type_=_JsonList()))


def among_these(
    column: ColumnElement[Any] | InstrumentedAttribute[Any], values: Collection[int | str]
) -> ColumnElement[bool]:
    """Return the same condition with its values, for a statement that is built where it is asked."""
    return _Among(column, bindparam(None, values, type_=_JsonList(), unique=True))


def each_of(name: str) -> TableValuedAlias:
    """Return PostgreSQL's rows of the texts given as the parameter ``name``: one column, ``value``."""
    return func.json_array_elements_text(cast(bindparam(name, type_=_JsonList()), JSON())).table_valued("value")


def one_of(column: Column[Any], kinds: Iterable[StrEnum]) -> ColumnElement[bool]:
    """Return the condition that a column is one of these kinds, written out in the statement's text.

    They never change: a statement whose partial index is told by its text need not be planned anew each time.
    """
    written: list[ColumnElement[Any]] = [literal_column(f"'{each.value}'") for each in kinds]
    return column == written[0] if len(written) == 1 else column.in_(written)


@compiles(_Among, "sqlite")
def _on_sqlite(element: _Among, compiler: SQLCompiler, **how: Any) -> str:
    column, values = (compiler.process(each, **how) for each in element.clauses)
    return f"({column} IN (SELECT value FROM json_each({values})))"  # noqa: S608 (names and a parameter, no values)


@compiles(_Among, "postgresql")
def _on_postgresql(element: _Among, compiler: SQLCompiler, **how: Any) -> str:
    column, values = (compiler.process(each, **how) for each in element.clauses)
    kind = compiler.dialect.type_compiler_instance.process(element.clauses.clauses[0].type)
    listed = f"SELECT CAST(value AS {kind}) FROM json_array_elements_text(CAST({values} AS JSON))"  # noqa: S608 (same)
    return f"({column} = ANY(ARRAY({listed})))"
