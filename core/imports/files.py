"""Reading a list from an xlsx or csv file into rows of plain cells, with the row numbers the spreadsheet shows.

Files come from outside: an archive's directory is looked at before anything is unpacked (A35), XML entities, macros,
passwords and false extensions are refused (A36), rows and columns are capped. Whatever is wrong is one sentence.
"""

from __future__ import annotations

import csv
import io
import warnings
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, time
from enum import StrEnum
from functools import partial
from pathlib import Path
from typing import TypeAlias

import openpyxl

from core.errors import InvalidInput, SetupError
from core.imports.archive import check_archive

ROWS_AT_MOST = 100_000
COLUMNS_AT_MOST = 60
BYTES_AT_MOST = 50 * 2**20
SPREADSHEET_ROWS = 1_048_576  # no spreadsheet has more

_ENCODINGS = ("utf-8-sig", "cp950")  # the second is what Excel in Taiwan writes as Big5
_WIDE_ENCODINGS = (b"\xff\xfe", b"\xfe\xff")
_ARCHIVE, _OLE = b"PK\x03\x04", b"\xd0\xcf\x11\xe0"

_FORMULA = "這一格是公式，不是資料。請改貼成值後再匯入。"
_CELL_ERROR = "這一格是試算表的錯誤值。請更正後再匯入。"
_LOCKED_OR_OLD = "檔案設有密碼，或是舊版的 xls 檔。請取消密碼、另存為 xlsx 後再匯入。"
_NOT_XLSX = "檔案不是可讀的 xlsx 檔，可能已損壞。請用試算表軟體開啟、另存為 xlsx 後再匯入。"
_NOT_CSV = "檔案不是 csv 檔。請確認副檔名與內容相符，或另存為 csv 後再匯入。"
_UNKNOWN_ENCODING = "看不懂 csv 檔的文字編碼。請另存為「CSV UTF-8」後再匯入。"
_BROKEN_CSV = "csv 檔的引號或欄位有誤，讀到一半無法繼續。請用試算表軟體開啟、另存後再匯入。"
_NO_SHEET = "xlsx 檔裡沒有工作表。請確認檔案內容。"
_WRONG_EXTENSION = "只接受 xlsx 與 csv 檔。請另存成其中一種後再匯入。"


class Form(StrEnum):
    """What a list is written as."""

    XLSX = "xlsx"
    CSV = "csv"


@dataclass(frozen=True)
class Unreadable:
    """A cell that holds no data: a formula, an error value."""

    reason: str


Cell: TypeAlias = str | datetime | time | Unreadable
"""A cell's content: text, also of numbers; a naive date and time; a bare time; blank is the empty text."""


@dataclass(frozen=True)
class SheetRow:
    """A row, with its number as the spreadsheet counts."""

    number: int
    cells: tuple[Cell, ...]


@dataclass(frozen=True)
class Sheet:
    """The headings of row 1, and the rows below that are not blank."""

    headings: tuple[Cell, ...]
    rows: tuple[SheetRow, ...]


def read_sheet(path: Path) -> Sheet:
    """Return an xlsx file's first sheet, or a csv file; raises ``InvalidInput`` for what is wrong with the file."""
    return sheet_of(form_of(path.name), partial(_bytes, path))


def form_of(name: str) -> Form:
    """Return what a file's name says it is; raises ``InvalidInput`` for any but the two."""
    form = next((each for each in Form if name.lower().endswith(f".{each}")), None)
    if form is None:
        raise InvalidInput(_WRONG_EXTENSION)
    return form


def sheet_of(form: Form, content: Callable[[], bytes]) -> Sheet:
    """Return a list from a file's content; raises as ``read_sheet`` does, also where the content is another thing."""
    match form:
        case Form.XLSX:
            return _xlsx_sheet(content())
        case Form.CSV:
            return _sheet(_csv_rows(content()))


def _sheet(rows: Iterable[SheetRow]) -> Sheet:
    headings: tuple[Cell, ...] = ()
    filled = []
    for row in rows:
        if len(row.cells) > COLUMNS_AT_MOST:
            raise InvalidInput(f"第 {row.number} 列超過 {COLUMNS_AT_MOST} 欄。請只留下需要的欄位再匯入。")
        if row.number == 1:
            headings = row.cells
        elif row.cells:
            filled.append(row)
        if row.cells and row.number > ROWS_AT_MOST + 1:
            raise InvalidInput(f"資料超過 {ROWS_AT_MOST:,} 列。請分成幾個檔案匯入。")
    return Sheet(headings, tuple(filled))


def _bytes(path: Path) -> bytes:
    try:
        if path.stat().st_size > BYTES_AT_MOST:
            raise InvalidInput(f"檔案超過 {BYTES_AT_MOST // 2**20} MB。請分成幾個檔案匯入。")
        return path.read_bytes()
    except OSError:
        raise InvalidInput(f"無法開啟檔案 {path.name}。請確認檔案存在，且可以讀取。") from None


def _csv_rows(content: bytes) -> Iterator[SheetRow]:
    if content.startswith((_ARCHIVE, _OLE)):
        raise InvalidInput(_NOT_CSV)
    text = _decoded(content)
    try:
        for number, cells in enumerate(csv.reader(io.StringIO(text, newline=""), strict=True), start=1):
            yield SheetRow(number, _trimmed(cells))
    except csv.Error:
        raise InvalidInput(_BROKEN_CSV) from None


def _decoded(content: bytes) -> str:
    if content.startswith(_WIDE_ENCODINGS) or b"\0" in content:
        raise InvalidInput(_UNKNOWN_ENCODING)
    for encoding in _ENCODINGS:
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise InvalidInput(_UNKNOWN_ENCODING)


def _xlsx_sheet(content: bytes) -> Sheet:
    if openpyxl.LXML or not openpyxl.DEFUSEDXML:
        raise SetupError("xlsx files are not read: openpyxl must use defusedxml, and not lxml; see the pinned packages")
    if content.startswith(_OLE):
        raise InvalidInput(_LOCKED_OR_OLD)
    check_archive(io.BytesIO(content))
    try:
        with warnings.catch_warnings(action="ignore"):  # of styles and validations, which are no data
            return _sheet(_xlsx_rows(content))
    except InvalidInput:
        raise
    except Exception:  # noqa: BLE001 (the reader raises whatever a broken file leads it to)
        raise InvalidInput(_NOT_XLSX) from None


def _xlsx_rows(content: bytes) -> Iterator[SheetRow]:
    book = openpyxl.load_workbook(io.BytesIO(content), read_only=True, keep_links=False)
    try:
        if not book.worksheets:
            raise InvalidInput(_NO_SHEET)
        sheet = book.worksheets[0]
        sheet.reset_dimensions()  # what a file says of its size is not trusted
        rows = sheet.iter_rows(max_row=SPREADSHEET_ROWS, max_col=COLUMNS_AT_MOST + 1)
        for number, cells in enumerate(rows, start=1):
            found = _trimmed(_cell(each) for each in cells)
            if found:
                yield SheetRow(number, found)
    finally:
        book.close()


def _trimmed(cells: Iterable[Cell]) -> tuple[Cell, ...]:
    """Return the cells without the blank ones at the end."""
    kept = list(cells)
    while kept and (not kept[-1] or (isinstance(kept[-1], str) and not kept[-1].strip())):
        kept.pop()
    return tuple(kept)


def _cell(cell: object) -> Cell:
    """Return the content of openpyxl's cell: one of its read-only kinds, which have no common type."""
    kind = getattr(cell, "data_type", "n")
    if kind == "f":
        return Unreadable(_FORMULA)
    if kind == "e":
        return Unreadable(_CELL_ERROR)
    return _plain(getattr(cell, "value", None))


def _plain(value: object) -> Cell:
    match value:
        case None:
            return ""
        case bool():
            return "是" if value else "否"
        case datetime() | time():
            return value.replace(tzinfo=None)
        case date():
            return datetime.combine(value, time())
        case float() if value.is_integer():
            return str(int(value))
    return str(value)
