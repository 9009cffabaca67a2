"""Writing the sample month as the files an operator would import."""

from __future__ import annotations

import csv
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from pathlib import Path

from openpyxl import Workbook

from bot.sample.month import Sample
from core.dates import roc, roc_moment
from core.imports.rows import Columns
from core.imports.service import COLUMNS, Kind
from core.labels import Labelled

BETWEEN = "、"


def write(sample: Sample, folder: Path, suffix: str = ".xlsx") -> dict[Kind, Path]:
    """Write the four lists into a folder, as xlsx or csv, and return where each stands."""
    folder.mkdir(parents=True, exist_ok=True)
    lists: Mapping[Kind, Sequence[object]] = {
        Kind.UNITS: sample.units,
        Kind.ACCOUNTS: sample.accounts,
        Kind.DISPATCHES: sample.dispatches,
        Kind.CHECKS: sample.checks,
    }
    paths = {kind: folder / f"{kind.value}{suffix}" for kind in lists}
    for kind, rows in lists.items():
        write_list(rows, COLUMNS[kind], paths[kind])
    return paths


def write_list(rows: Sequence[object], columns: Columns, path: Path) -> None:
    """Write facts as one list of the import format, by the path's extension."""
    table = [[column.heading for column in columns.values()]]
    table += [[_cell(getattr(row, name)) for name in columns] for row in rows]
    if path.suffix == ".csv":
        with path.open("w", encoding="utf-8-sig", newline="") as file:
            csv.writer(file).writerows(table)
        return
    book = Workbook(write_only=True)
    sheet = book.create_sheet("名冊")
    for cells in table:
        sheet.append(cells)
    book.save(path)


def _cell(value: object) -> str:
    """Return a value as the import format writes it: ROC dates, labels, 是 and 否, 、 between several."""
    match value:
        case bool():
            return "是" if value else "否"
        case datetime():
            return roc_moment(value)
        case date():
            return roc(value)
        case tuple() | frozenset():
            return BETWEEN.join(sorted(value) if isinstance(value, frozenset) else value)
        case Labelled():
            return value.label
    return "" if value is None else str(value)
