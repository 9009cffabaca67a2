"""A list as an Excel file in which nothing is a formula (A34), with a mark of who took it out (A64).

Text is stored as text whatever it begins with, and what a spreadsheet might read as a formula, if it is typed or pasted
again, carries the mark that it is text as well. Only what the file's format cannot hold at all is replaced by a sign.
"""

from __future__ import annotations

import io
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TypeAlias

from openpyxl import Workbook
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from openpyxl.cell.cell import Cell as SheetCell
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet

from core.wording import columns

CELL_AT_MOST = 32_767  # Excel's
SHEET_NAME = "清單"
UNKNOWN = "\N{REPLACEMENT CHARACTER}"
STARTS = frozenset("=+-@")  # A34
WIDEST, NARROWEST = 60, 10
HEADED = 4  # below the marks: the title is above them, a blank line and the headings follow
Cell: TypeAlias = str | int


@dataclass(frozen=True)
class Sheet:
    """What stands in a file: lines that mark it, headings and rows."""

    title: str
    marks: tuple[str, ...]
    headings: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]


def workbook(sheet: Sheet, author: str, made_at: datetime) -> bytes:
    """Return the file's content; ``author`` and the moment stand in its properties too."""
    book = Workbook()
    book.properties.creator = book.properties.lastModifiedBy = author
    book.properties.title = _plain(sheet.title)
    book.properties.created = made_at.astimezone(UTC).replace(tzinfo=None)
    page = book.worksheets[0]
    page.title = SHEET_NAME
    lines = ((sheet.title,), *((mark,) for mark in sheet.marks), (), sheet.headings, *sheet.rows)
    for row, line in enumerate(lines, 1):
        for column, value in enumerate(line, 1):
            _write(page, row, column, value)
    for column, width in enumerate(_widths(sheet), 1):
        page.column_dimensions[get_column_letter(column)].width = width
    page.freeze_panes = f"A{len(sheet.marks) + HEADED}"
    content = io.BytesIO()
    book.save(content)
    return content.getvalue()


def starts_a_formula(text: str) -> bool:
    """Return whether a spreadsheet might take a text for a formula or a command (A34).

    Full-width signs count as what they are folded to, spaces and invisible characters before a sign hide nothing, and
    a control character at the beginning (tab, NUL, a line break) is enough.
    """
    if unicodedata.category(text[:1] or "x") == "Cc":
        return True
    seen = (each for each in unicodedata.normalize("NFKC", text) if not each.isspace() and not _is_unseen(each))
    return next(seen, "") in STARTS


def _is_unseen(character: str) -> bool:
    return unicodedata.category(character) in {"Cc", "Cf"}


def _write(page: Worksheet, row: int, column: int, value: Cell) -> None:
    cell = page.cell(row, column)
    assert isinstance(cell, SheetCell)  # noqa: S101 (nothing is merged)
    if isinstance(value, int):
        cell.value = value
        return
    cell.value = _plain(value)
    cell.data_type = "s"  # whatever it begins with
    if starts_a_formula(value):
        cell.quotePrefix = True


def _plain(text: str) -> str:
    return ILLEGAL_CHARACTERS_RE.sub(UNKNOWN, text)[:CELL_AT_MOST]


def _widths(sheet: Sheet) -> Iterable[int]:
    """Return how wide each column is shown: a Chinese character is as wide as two others."""
    for number, heading in enumerate(sheet.headings):
        longest = max((columns(str(row[number])) for row in sheet.rows), default=0)
        yield min(max(columns(heading), longest, NARROWEST) + 2, WIDEST)
