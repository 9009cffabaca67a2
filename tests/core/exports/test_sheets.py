"""An Excel file in which nothing is a formula, whatever stands in the cells (A34)."""

from __future__ import annotations

import io
import zipfile
from datetime import UTC, datetime

import openpyxl
import pytest

from core.exports.sheets import Sheet, starts_a_formula, workbook

MADE = datetime(2026, 3, 4, 2, 0, tzinfo=UTC)
DANGEROUS = ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\x00=1", "\r=1", "\n=1", "＝1+1", "＋1", "－1", "＠A1", " =1",
             "\u200b=1", "\u3000＝1", "\ufeff=cmd|' /C calc'!A0"]  # fmt: skip
HARMLESS = ["", "王○明", "A1****6789", "115/03/04", "1+1", "a=b", "○", "  "]


def made(*cells: str | int) -> bytes:
    rows = tuple((each, "x") for each in cells)
    return workbook(Sheet("清單", ("匯出者 AB1234",), ("編號", "對象"), rows), "AB1234", MADE)


@pytest.mark.parametrize("text", DANGEROUS)
def test_what_might_be_a_formula_is_known(text: str) -> None:
    assert starts_a_formula(text)


@pytest.mark.parametrize("text", HARMLESS)
def test_what_is_none_is_left_alone(text: str) -> None:
    assert not starts_a_formula(text)


def test_a34_no_cell_is_a_formula_and_all_text_comes_back() -> None:
    content = made(*DANGEROUS)
    with zipfile.ZipFile(io.BytesIO(content)) as parts:
        assert b"<f>" not in parts.read("xl/worksheets/sheet1.xml")
    page = openpyxl.load_workbook(io.BytesIO(content)).worksheets[0]
    cells = [row[0] for row in page.iter_rows(min_row=5)]
    assert [each.data_type for each in cells] == ["s"] * len(DANGEROUS)
    assert [each.quotePrefix for each in cells] == [True] * len(DANGEROUS)
    without_line_ends = [str(each.value).replace("\r", "\n") for each in cells]
    assert without_line_ends == [text.replace("\x00", "\ufffd").replace("\r", "\n") for text in DANGEROUS]


def test_numbers_stay_numbers_and_the_file_is_marked() -> None:
    book = openpyxl.load_workbook(io.BytesIO(made(12)))
    page = book.worksheets[0]
    assert [each[0] for each in page.iter_rows(values_only=True)] == ["清單", "匯出者 AB1234", None, "編號", 12]
    assert page.freeze_panes == "A5"
    assert (book.properties.creator, book.properties.created) == ("AB1234", MADE.replace(tzinfo=None))


def test_a_cell_holds_no_more_than_excel_takes() -> None:
    page = openpyxl.load_workbook(io.BytesIO(made("長" * 40_000))).worksheets[0]
    assert len(str(page["A5"].value)) == 32_767
