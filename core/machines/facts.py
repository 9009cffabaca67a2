"""Facts of the main system, one by one: read as a row of its list is, and put in by the same services."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import TypeVar

from sqlalchemy import select

from core.access import Action, require
from core.accounts.models import Unit
from core.checks.service import CheckFacts, put_check
from core.context import Context
from core.dispatches.facts import DispatchFacts
from core.dispatches.service import put_dispatch
from core.errors import InvalidInput
from core.imports import cells, checks, dispatches
from core.imports.files import SheetRow
from core.imports.results import Put
from core.imports.rows import Book, Columns, Layout, Numbered, RowReader
from core.imports.turns import take_turn
from core.labels import Labelled
from core.machines.refusals import FactsRefused, WrongField

F = TypeVar("F")

PATIENCE_SECONDS = 5  # an import that runs takes minutes: whoever calls comes again
YES, NO = "是", "否"
BETWEEN = "、"


@dataclass(frozen=True)
class Taken:
    """A dispatch as it was read, and what putting it in has done."""

    facts: DispatchFacts
    put: Put


def take_check(ctx: Context, facts: CheckFacts) -> Put:
    """Put one check in as an import would; the same again changes nothing.

    Raises ``FactsRefused`` with every wrong field.
    """
    require(ctx.actor, Action.IMPORT)
    take_turn(ctx.session, PATIENCE_SECONDS)
    row, book = _row(checks.COLUMNS, _written(checks.COLUMNS, facts))
    read = checks.CheckImport(ctx, _known(ctx, facts.unit_code)).read(row)
    right = _right(read, book, checks.COLUMNS)
    return put_check(ctx, replace(right, has_need=facts.has_need, urgent=facts.urgent))


def take_dispatch(ctx: Context, facts: DispatchFacts) -> Put:
    """Put one dispatch in as an import would; the same again changes nothing.

    Raises ``FactsRefused`` with every wrong field, ``RulesBroken`` for a unit that cannot receive it (REPLY-13) and for
    another text of a report that came in already (REPLY-15).
    """
    return take_written_dispatch(ctx, _written(dispatches.COLUMNS, facts)).put


def take_written_dispatch(ctx: Context, written: Mapping[str, str]) -> Taken:
    """Put one dispatch in from its cells, by the fields' names, as a row of the list; raises as ``take_dispatch``."""
    require(ctx.actor, Action.IMPORT)
    take_turn(ctx.session, PATIENCE_SECONDS)
    row, book = _row(dispatches.COLUMNS, written)
    read = dispatches.DispatchImport(ctx, _known(ctx, written["unit_code"])).read(row)
    right = _right(read, book, dispatches.COLUMNS)
    return Taken(right, put_dispatch(ctx, right))


def field_of(heading: str) -> str:
    """Return the field that a rule names by its heading in the list; what is no heading stays as it is."""
    for columns in (dispatches.COLUMNS, checks.COLUMNS):
        for name, column in columns.items():
            if column.heading == heading:
                return name
    return heading


def _row(columns: Columns, written: Mapping[str, str]) -> tuple[RowReader, Book]:
    headings = [column.heading for column in columns.values()]
    layout = Layout(columns, {heading: place for place, heading in enumerate(headings)}, (), ())
    book = Book()
    return RowReader(SheetRow(1, tuple(written[name] for name in columns)), layout, book), book


def _written(columns: Columns, facts: object) -> dict[str, str]:
    return {name: _cell(getattr(facts, name)) for name in columns}


def _cell(value: object) -> str:
    """Return a value as it would stand in a cell of the list."""
    match value:
        case None:
            return ""
        case bool():
            return YES if value else NO
        case Labelled():
            return value.label
        case datetime() | date():
            return value.isoformat()
        case tuple() | frozenset():
            return BETWEEN.join(sorted(_cell(each) for each in value) if isinstance(value, frozenset) else value)
        case _:
            return str(value)


def _right(read: Numbered[F] | None, book: Book, columns: Columns) -> F:
    if read is not None:
        return read.facts
    names: Mapping[str, str] = {column.heading: name for name, column in columns.items()}
    raise FactsRefused(tuple(WrongField(names[each.column], each.reason) for each in book.problems))


def _known(ctx: Context, unit_code: str) -> frozenset[str]:
    """Return the unit's code where there is such a unit."""
    try:
        read = cells.code()(unit_code)
    except InvalidInput:
        return frozenset()
    return frozenset(ctx.session.scalars(select(Unit.code).where(Unit.code == read)))
