"""Reading files from outside: what is data comes through, what is dangerous or broken is one sentence (A35, A36)."""

from __future__ import annotations

import io
import time
import zipfile
from contextlib import suppress
from datetime import date, datetime
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from openpyxl import Workbook

from core.errors import InvalidInput
from core.imports.archive import FILES_AT_MOST, RATIO_AT_MOST, UNPACKED_AT_MOST, check_archive
from core.imports.files import COLUMNS_AT_MOST, ROWS_AT_MOST, Unreadable, read_sheet

MIB = 2**20
FLAGS = 8  # where a part's flags stand in an archive's directory


def written(text: str) -> datetime:
    """Return what a spreadsheet holds: a moment that does not say whose."""
    return datetime.fromisoformat(text)


def an_xlsx(path: Path, *rows: list[object]) -> Path:
    book = Workbook()
    sheet = book.worksheets[0]
    for row in rows:
        sheet.append(row)
    book.save(path)
    return path


def a_csv(path: Path, text: str, encoding: str = "utf-8") -> Path:
    path.write_bytes(text.encode(encoding))
    return path


def refused(path: Path) -> str:
    with pytest.raises(InvalidInput) as wrong:
        read_sheet(path)
    return str(wrong.value)


def test_xlsx_cells_come_as_text_moments_and_blanks(tmp_path: Path) -> None:
    values = ["王小明", 1110728, 1110728.0, 1.5, None, written("2022-07-28 14:05"), date(2022, 7, 28), True, "x"]
    sheet = read_sheet(an_xlsx(tmp_path / "a.xlsx", ["甲"] * 9, values))
    assert sheet.headings == ("甲",) * 9
    moments = (written("2022-07-28 14:05"), written("2022-07-28"))
    assert sheet.rows[0].cells == ("王小明", "1110728", "1110728", "1.5", "", *moments, "是", "x")


def test_rows_keep_the_spreadsheets_numbers_over_blank_rows(tmp_path: Path) -> None:
    xlsx = an_xlsx(tmp_path / "a.xlsx", ["甲"], [], ["一"], [" "], ["二"])
    csv = a_csv(tmp_path / "a.csv", '甲\n\n"一\n行"\n \n二\n')
    assert [row.number for row in read_sheet(xlsx).rows] == [3, 5]
    assert [(row.number, row.cells) for row in read_sheet(csv).rows] == [(3, ("一\n行",)), (5, ("二",))]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "big5", "cp950"])
def test_csv_is_read_in_each_encoding_that_is_in_use(tmp_path: Path, encoding: str) -> None:
    sheet = read_sheet(a_csv(tmp_path / "a.csv", "案件編號,案主姓名\nWK1,王小明\n", encoding))
    assert sheet.headings == ("案件編號", "案主姓名")
    assert sheet.rows[0].cells == ("WK1", "王小明")


@pytest.mark.parametrize("content", ["甲,乙".encode("utf-16"), b"\xff\xff\x81", b"a,b\n\0,1", "甲".encode() + b"\xff"])
def test_csv_in_an_unknown_encoding_is_refused(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "a.csv"
    path.write_bytes(content)
    assert "編碼" in refused(path)


def test_csv_with_an_open_quote_is_refused(tmp_path: Path) -> None:
    assert "引號" in refused(a_csv(tmp_path / "a.csv", '甲\n"一\n'))


def test_formula_and_error_value_are_no_data(tmp_path: Path) -> None:
    cells = read_sheet(an_xlsx(tmp_path / "a.xlsx", ["甲", "乙"], ["=1+1", "#N/A"])).rows[0].cells
    assert all(isinstance(cell, Unreadable) for cell in cells)


@pytest.mark.parametrize("suffix", [".xls", ".xlsm", ".txt", ""])
def test_other_extensions_are_refused(tmp_path: Path, suffix: str) -> None:
    assert "只接受 xlsx 與 csv" in refused(a_csv(tmp_path / f"a{suffix}", "甲"))


def test_a36_a_false_extension_is_refused(tmp_path: Path) -> None:
    book = an_xlsx(tmp_path / "a.xlsx", ["甲"])
    assert "副檔名" in refused(book.rename(tmp_path / "b.csv"))
    assert "不是可讀的 xlsx" in refused(a_csv(tmp_path / "c.xlsx", "甲,乙"))


def test_a36_a_password_or_an_old_xls_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    path.write_bytes(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600))
    assert "密碼" in refused(path)


def test_missing_file_is_refused_by_name(tmp_path: Path) -> None:
    assert "none.xlsx" in refused(tmp_path / "none.xlsx")


def an_archive(*parts: tuple[str, bytes], store: bool = False) -> io.BytesIO:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_STORED if store else zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts:
            archive.writestr(name, content)
    return file


def test_a35_a_bomb_is_refused_without_unpacking(tmp_path: Path) -> None:
    bomb = an_archive(("xl/worksheets/sheet1.xml", bytes(200 * MIB)))
    path = tmp_path / "a.xlsx"
    path.write_bytes(bomb.getvalue())
    began = time.perf_counter()
    assert "太大" in refused(path)
    assert time.perf_counter() - began < 0.5


def test_a35_an_archive_up_to_the_ratio_passes_and_over_it_not() -> None:
    packed = an_archive(("a", bytes(range(256)) * 4096))
    with zipfile.ZipFile(packed) as archive:
        part = archive.infolist()[0]
    assert part.file_size > part.compress_size * RATIO_AT_MOST
    with pytest.raises(InvalidInput):
        check_archive(packed)
    check_archive(an_archive(("a", bytes(1000)), store=True))


def test_a35_an_archive_unpacks_to_so_much_and_no_more_however_little_it_was_packed() -> None:
    check_archive(an_archive(("a", bytes(UNPACKED_AT_MOST)), store=True))
    with pytest.raises(InvalidInput, match="太大"):
        check_archive(an_archive(("a", bytes(UNPACKED_AT_MOST)), ("b", b"x"), store=True))


def test_a36_an_archive_with_a_password_on_a_part_is_refused() -> None:
    content = bytearray(an_archive(("xl/workbook.xml", b"x"), store=True).getvalue())
    content[content.index(b"PK\x01\x02") + FLAGS] |= 1
    with pytest.raises(InvalidInput, match="密碼"):
        check_archive(io.BytesIO(content))


@pytest.mark.parametrize(("files", "passes"), [(FILES_AT_MOST, True), (FILES_AT_MOST + 1, False)])
def test_a35_an_archive_holds_so_many_files_and_no_more(files: int, passes: bool) -> None:
    archive = an_archive(*((f"part{number}", b"x") for number in range(files)), store=True)
    if passes:
        check_archive(archive)
    else:
        with pytest.raises(InvalidInput):
            check_archive(archive)


@pytest.mark.parametrize("name", ["../evil.xml", "/etc/evil.xml", "xl\\..\\..\\evil.xml", "xl/vbaProject.bin"])
def test_a36_macros_and_names_that_lead_elsewhere_are_refused(name: str) -> None:
    with pytest.raises(InvalidInput):
        check_archive(an_archive((name, b"x"), store=True))


ENTITY = b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY f SYSTEM "file:///etc/hostname">]>'


def test_a36_xml_entities_are_refused(tmp_path: Path) -> None:
    plain = an_xlsx(tmp_path / "a.xlsx", ["甲"], ["一"])
    evil = tmp_path / "b.xlsx"
    with zipfile.ZipFile(plain) as old, zipfile.ZipFile(evil, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            content = old.read(name)
            if name.endswith("sheet1.xml"):
                content = ENTITY + content.replace(b"<v>0</v>", b"<v>&f;</v>")
            new.writestr(name, content)
    assert "不是可讀的 xlsx" in refused(evil)


@pytest.mark.parametrize("columns", [COLUMNS_AT_MOST, COLUMNS_AT_MOST + 1])
def test_a35_columns_are_capped(tmp_path: Path, columns: int) -> None:
    for path in (
        an_xlsx(tmp_path / "a.xlsx", ["甲"] * columns),
        a_csv(tmp_path / "a.csv", ",".join(["甲"] * columns)),
    ):
        if columns == COLUMNS_AT_MOST:
            assert len(read_sheet(path).headings) == columns
        else:
            assert "60 欄" in refused(path)


@pytest.mark.parametrize("rows", [ROWS_AT_MOST, ROWS_AT_MOST + 1])
def test_a35_rows_are_capped(tmp_path: Path, rows: int) -> None:
    path = a_csv(tmp_path / "a.csv", "甲\n" + "一\n" * rows)
    if rows == ROWS_AT_MOST:
        assert len(read_sheet(path).rows) == rows
    else:
        assert "100,000 列" in refused(path)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(content=st.binary(max_size=300), suffix=st.sampled_from([".csv", ".xlsx"]), is_archive=st.booleans())
def test_junk_is_read_or_refused_and_never_an_error(
    tmp_path: Path, content: bytes, suffix: str, is_archive: bool
) -> None:
    path = tmp_path / f"junk{suffix}"
    path.write_bytes(an_archive(("xl/workbook.xml", content), store=True).getvalue() if is_archive else content)
    with suppress(InvalidInput):
        assert read_sheet(path).rows is not None
