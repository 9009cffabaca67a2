"""Reading a list row by row: which column stands where, what each cell holds, and all that is wrong in one go."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Generic, TypeAlias, TypeVar

from core.errors import InvalidInput
from core.imports.cells import Reader
from core.imports.files import Cell, Sheet, SheetRow
from core.imports.results import Problem

T = TypeVar("T")
F = TypeVar("F")

HEADINGS_ROW = 1


@dataclass(frozen=True)
class Column:
    """A column of a list: its heading, and how its cells are read."""

    heading: str
    read: Reader[object]
    is_optional: bool = False
    """A list may lack it: it then says nothing of the field."""


Columns: TypeAlias = Mapping[str, Column]
"""The columns of a list by the field of the facts they fill."""


@dataclass(frozen=True)
class Layout:
    """Where each column stands, which others there are, and what is wrong with the headings."""

    columns: Columns
    places: Mapping[str, int]
    """By heading."""
    ignored: tuple[str, ...]
    problems: tuple[Problem, ...]


@dataclass(frozen=True)
class Numbered(Generic[F]):
    """The facts of a row, and the row's number."""

    number: int
    facts: F


@dataclass
class Book:
    """What is gathered over all rows: the problems, and which values stood where."""

    problems: list[Problem] = field(default_factory=list)
    seen: dict[tuple[str, ...], int] = field(default_factory=dict)


class RowReader:
    """One row: its cells read into values, every wrong one noted in the book."""

    def __init__(self, row: SheetRow, layout: Layout, book: Book) -> None:
        """Read all cells of the row."""
        self.number = row.number
        self._columns = layout.columns
        self._book = book
        self._is_right = True
        self._values: dict[str, object] = {}
        for name, column in layout.columns.items():
            place = layout.places.get(column.heading)
            if place is not None:
                self._read(name, column, row.cells[place] if place < len(row.cells) else "")

    def get(self, name: str, kind: type[T]) -> T | None:
        """Return a field's value, or None where the cell is blank or wrong."""
        value = self._values.get(name)
        return value if isinstance(value, kind) else None

    def once(self, *names: str) -> None:
        """Note it when another row has the same values in all these fields; shown at the first of them."""
        if not all(name in self._values for name in names):
            return
        key = (*names, *(str(self._values[name]).casefold() for name in names))
        first = self._book.seen.setdefault(key, self.number)
        if first != self.number:
            self.refuse(names[0], f"與第 {first} 列重複。請刪除其中一列，或更正。")

    def refuse(self, name: str, reason: str) -> None:
        """Note what is wrong with a field of this row."""
        self._is_right = False
        self._book.problems.append(Problem(self.number, self._columns[name].heading, reason))

    def made(self, make: Callable[..., F]) -> Numbered[F] | None:
        """Return the row's facts, or None when anything in it is wrong."""
        return Numbered(self.number, make(**self._values)) if self._is_right else None

    def _read(self, name: str, column: Column, cell: Cell) -> None:
        try:
            self._values[name] = column.read(cell)
        except InvalidInput as wrong:
            self.refuse(name, str(wrong))


def laid_out(sheet: Sheet, columns: Columns) -> Layout:
    """Return where the columns stand; missing and doubled ones are problems, unknown ones are named."""
    headings = [_heading(cell) for cell in sheet.headings]
    wanted = [column.heading for column in columns.values()]
    places = {each: headings.index(each) for each in wanted if each in headings}
    ignored = dict.fromkeys(each for each in headings if each and each not in wanted)
    return Layout(columns, places, tuple(ignored), tuple(_flaws(headings, columns.values())))


def _flaws(headings: Sequence[str], wanted: Iterable[Column]) -> Iterator[Problem]:
    for column in wanted:
        if column.heading not in headings and not column.is_optional:
            yield Problem(HEADINGS_ROW, column.heading, "缺少這個欄位。請補上欄名與資料。")
        elif headings.count(column.heading) > 1:
            yield Problem(HEADINGS_ROW, column.heading, "這個欄位出現不只一次。請只留下一欄。")


def _heading(cell: Cell) -> str:
    return "".join(unicodedata.normalize("NFKC", cell).split()) if isinstance(cell, str) else ""
