"""Lists as somebody sends them: rows of invented dispatches and checks, as csv or xlsx content."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping, Sequence

from openpyxl import Workbook

from tests.core.imports.test_import import CHECK, DISPATCH, UNIT

__all__ = ["CHECK", "DISPATCH", "UNIT", "a_csv", "an_xlsx", "many"]

Row = Mapping[str, str]


def many(count: int, **changed: str) -> list[dict[str, str]]:
    """Return so many dispatches, each of a case of its own."""
    return [DISPATCH | {"案件編號": f"WK1{number:04}", "身分證統號": ""} | changed for number in range(count)]


def a_csv(rows: Sequence[Row]) -> bytes:
    text = io.StringIO(newline="")
    writer = csv.DictWriter(text, list(rows[0]))
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue().encode("utf-8-sig")


def an_xlsx(rows: Sequence[Row]) -> bytes:
    book, content = Workbook(), io.BytesIO()
    for line in (list(rows[0]), *(list(row.values()) for row in rows)):
        book.worksheets[0].append(line)
    book.save(content)
    return content.getvalue()
