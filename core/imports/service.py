"""Importing a file: everything that is wrong in it in one go, or all of it put in.

The file is read and checked as a whole before anything is put in. With one wrong row ``ImportRefused`` is raised and
the transaction rolls back; a dry run puts everything in too and takes it back, so that it finds what an import finds.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Protocol, TypeVar

from core.context import Context
from core.errors import InvalidInput
from core.failpoints import passing
from core.imports import accounts, checks, dispatches, units
from core.imports.files import Sheet, read_sheet
from core.imports.kinds import Kind, require_kind
from core.imports.results import ImportRefused, Problem, Put, Report
from core.imports.rows import Book, Columns, Layout, Numbered, RowReader, laid_out
from core.imports.turns import take_turn

F = TypeVar("F")
Does = Callable[[Sequence[Numbered[F]]], Iterator[Put | Problem]]
"""Puts rows in, or says what that would do; what is wrong with one instead."""

COLUMNS: dict[Kind, Columns] = {
    Kind.UNITS: units.COLUMNS,
    Kind.ACCOUNTS: accounts.COLUMNS,
    Kind.DISPATCHES: dispatches.COLUMNS,
    Kind.CHECKS: checks.COLUMNS,
}


class Importer(Protocol[F]):
    """How one kind of list is checked and put in."""

    def read(self, row: RowReader) -> Numbered[F] | None:
        """Return a row's facts, or None when a cell is wrong."""

    def problems(self, rows: Sequence[RowReader], right: Sequence[Numbered[F]]) -> Iterator[Problem]:
        """Yield what is wrong among all rows, and among those that could be read."""

    def put(self, rows: Sequence[Numbered[F]]) -> Iterator[Put | Problem]:
        """Put the rows in and say what each did, or what is wrong with it."""


@dataclass(frozen=True, slots=True)
class PutRow:
    """A row of a file, by its number there: its facts as they were read, and what putting them in has done."""

    number: int
    facts: object
    put: Put


@dataclass(frozen=True)
class Imported:
    """A file that was put in: what it did, and its rows in order."""

    report: Report
    rows: tuple[PutRow, ...]


def import_file(ctx: Context, kind: Kind, path: Path, dry_run: bool = False) -> Report:
    """Import a file, or in a dry run say what importing it would do.

    Raises ``ImportRefused`` with every wrong cell, in a dry run too, and ``NotAllowed`` for who may not import.
    """
    with ctx.attempt(keep=not dry_run):
        return put_list(ctx, kind, partial(read_sheet, path)).report


def put_list(ctx: Context, kind: Kind, read: Callable[[], Sheet], patience_seconds: int | None = None) -> Imported:
    """Put a list in; inside ``ctx.attempt``, so that nothing of a list that is refused stays.

    ``patience_seconds``: how long another import is waited for. Raises as ``import_file`` does.
    """
    require_kind(ctx.actor, kind)
    sheet, layout = _opened(read, COLUMNS[kind])
    passing("import.read")
    take_turn(ctx.session, patience_seconds)
    done = _imported(ctx, kind, sheet, layout)
    counts = {"added": done.report.added, "changed": done.report.changed, "same": done.report.same}
    ctx.note("import", f"import:{kind.value}", (f"{name}:{count}" for name, count in counts.items()))
    passing("import.put")
    return done


def plan_list(ctx: Context, kind: Kind, sheet: Sheet) -> Imported | None:
    """Say what ``put_list`` would do, and write nothing: ``ctx`` may be one that only reads, and keeps nobody waiting.

    None for units and accounts, whose rows build on each other: only putting them in tells. Raises as ``put_list``.
    """
    require_kind(ctx.actor, kind)
    sheet, layout = _opened(lambda: sheet, COLUMNS[kind])
    with ctx.attempt(keep=False):
        match kind:
            case Kind.DISPATCHES:
                cases = dispatches.dispatch_import(ctx)
                return _run(cases, cases.plan, sheet, layout)
            case Kind.CHECKS:
                meals = checks.check_import(ctx)
                return _run(meals, meals.plan, sheet, layout)
            case _:
                return None


def _imported(ctx: Context, kind: Kind, sheet: Sheet, layout: Layout) -> Imported:
    match kind:
        case Kind.UNITS:
            return _put(units.unit_import(ctx), sheet, layout)
        case Kind.ACCOUNTS:
            return _put(accounts.account_import(ctx), sheet, layout)
        case Kind.DISPATCHES:
            return _put(dispatches.dispatch_import(ctx), sheet, layout)
        case Kind.CHECKS:
            return _put(checks.check_import(ctx), sheet, layout)


def _put(importer: Importer[F], sheet: Sheet, layout: Layout) -> Imported:
    return _run(importer, importer.put, sheet, layout)


def _opened(read: Callable[[], Sheet], columns: Columns) -> tuple[Sheet, Layout]:
    try:
        sheet = read()
    except InvalidInput as wrong:
        raise ImportRefused((Problem(0, "", str(wrong)),)) from wrong
    layout = laid_out(sheet, columns)
    if layout.problems:
        raise ImportRefused(layout.problems, layout.ignored)
    return sheet, layout


def _run(importer: Importer[F], does: Does[F], sheet: Sheet, layout: Layout) -> Imported:
    book = Book()
    rows = [RowReader(row, layout, book) for row in sheet.rows]
    right = [facts for row in rows if (facts := importer.read(row)) is not None]
    _refuse([*book.problems, *importer.problems(rows, right)], layout)
    done = list(does(right))
    _refuse([each for each in done if isinstance(each, Problem)], layout)
    puts = [each for each in done if isinstance(each, Put)]
    report = Report(puts.count(Put.ADDED), puts.count(Put.CHANGED), puts.count(Put.SAME), layout.ignored)
    return Imported(report, tuple(PutRow(row.number, row.facts, put) for row, put in zip(right, puts, strict=True)))


def _refuse(problems: Sequence[Problem], layout: Layout) -> None:
    if problems:
        in_order = sorted(problems, key=lambda each: each.row)
        raise ImportRefused(tuple(in_order), layout.ignored)


__all__ = ["COLUMNS", "Imported", "Kind", "import_file", "plan_list", "put_list"]
