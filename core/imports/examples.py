"""What a list looks like: a file with its headings and one invented row, to be filled in and sent.

The row names a unit that is not there, so that one that was left standing is refused and opens nothing.
"""

from __future__ import annotations

import io
from datetime import UTC, datetime

from openpyxl import Workbook
from openpyxl.utils import get_column_letter

from core.imports.kinds import Kind
from core.imports.service import COLUMNS
from core.wording import columns

NO_UNIT = "範例單位"
TEXT = "@"  # a spreadsheet then leaves dates and leading zeros as they were typed

_OF_CASES = {
    "case_number": "範例0001",
    "reported_by": "派出所",
    "received_on": "115/03/01",
    "dispatched_on": "115/03/02",
    "child_name": "王小明",
    "national_id": "A123456789",
    "household": "王小明、王大明",
    "area": "永和區",
    "unit_code": NO_UNIT,
    "responsible": "陳怡君",
    "opening": "",
    "state": "待回覆",
    "needs_assessment": "否",
    "served": "",
    "problems": "經濟困難、家庭衝突",
    "asks_guidance": "否",
    "other_county": "否",
}
_OF_CHECKS = {
    "number": "範例0001",
    "assigned_at": "115/03/02 08:15",
    "chain": "某超商",
    "shop": "某門市",
    "area": "永和區",
    "happened_at": "115/03/01 18:00",
    "child_name": "林小華",
    "born_on": "104/05/06",
    "unit_code": NO_UNIT,
    "state": "待檢核",
    "already_high_risk": "否",
}
_OF_UNITS = {"code": "S999", "name": "範例國小", "parent_code": NO_UNIT, "kind": "學校"}
_OF_ACCOUNTS = {
    "code": "AB6789",
    "name": "陳怡君",
    "national_id": "A123456789",
    "email": "chen@school.example",
    "unit_code": NO_UNIT,
    "role": "承辦人",
    "title": "輔導組長",
    "phone": "02-29603456",
    "starts_on": "115/01/01",
    "ends_on": "115/12/31",
    "permissions": "90097、2462",
    "certificate": "",
}
EXAMPLES = {
    Kind.DISPATCHES: _OF_CASES,
    Kind.CHECKS: _OF_CHECKS,
    Kind.UNITS: _OF_UNITS,
    Kind.ACCOUNTS: _OF_ACCOUNTS,
}
"""One row a list, by the fields of its columns."""


def example_list(kind: Kind, made_at: datetime) -> bytes:
    """Return an xlsx file with a list's headings and its invented row."""
    book = Workbook()
    book.properties.created = made_at.astimezone(UTC).replace(tzinfo=None)
    page = book.worksheets[0]
    page.title = kind.label
    page.append([column.heading for column in COLUMNS[kind].values()])
    page.append([EXAMPLES[kind][name] for name in COLUMNS[kind]])
    for number, (name, column) in enumerate(COLUMNS[kind].items(), 1):
        page.cell(2, number).number_format = TEXT
        shape = page.column_dimensions[get_column_letter(number)]
        shape.number_format = TEXT
        shape.width = max(columns(column.heading), columns(EXAMPLES[kind][name])) + 2
    page.freeze_panes = "A2"
    content = io.BytesIO()
    book.save(content)
    return content.getvalue()
