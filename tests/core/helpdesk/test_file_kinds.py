"""What a file is, by its content; what is not taken, and why (A35, A36, A38)."""

from __future__ import annotations

import random

import pytest

from core.helpdesk.file_kinds import BYTES_AT_MOST, NAME_AT_MOST, download_name, kind_of, shown_name
from core.helpdesk.models import FileKind, FileReason
from tests.core.helpdesk.sending import DOCX_PARTS, PDF, XLSX_PARTS, archive, picture

OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(504)
MACROS = "<Override ContentType='application/vnd.ms-word.document.macroEnabled.main+xml'/>"


@pytest.mark.parametrize("form", ["JPEG", "PNG", "GIF", "WEBP"])
@pytest.mark.parametrize("name", ["", "a.exe", "a.txt"])
def test_a_picture_is_one_whatever_its_name(form: str, name: str) -> None:
    assert kind_of(picture(form), name) is FileKind[form]


@pytest.mark.parametrize(
    ("content", "kind"),
    [(PDF, FileKind.PDF), (archive(DOCX_PARTS), FileKind.DOCX), (archive(XLSX_PARTS), FileKind.XLSX)],
)
def test_a_document_is_one_whatever_its_name(content: bytes, kind: FileKind) -> None:
    assert kind_of(content, "a.exe") is kind


@pytest.mark.parametrize(
    "text",
    [
        "登入時出現 403。\r\n\t第二行\f".encode(),
        "\ufeff登入".encode(),
        "登入時出現錯誤".encode("cp950"),
        "登入".encode("utf-16"),
        "很好👨‍👩‍👧 a < b".encode(),
    ],
)
def test_a_text_is_one_by_name_and_content(text: bytes) -> None:
    assert kind_of(text, "說明.TXT") is FileKind.TEXT
    assert kind_of(text, "說明.bat") is FileReason.NOT_TAKEN


@pytest.mark.parametrize(
    "content",
    [b"a\0b", b"\x1b[31m", b"\xff\xff\xff", b"<html>", "\ufeff \n<svg onload=alert(1)>".encode(), b"<?xml?>"],
)
def test_what_is_no_plain_text_is_not_taken_as_one(content: bytes) -> None:
    assert kind_of(content, "a.txt") is FileReason.NOT_TAKEN


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", FileReason.EMPTY),
        (b"MZ\x90\x00", FileReason.NOT_TAKEN),
        (b"\x7fELF", FileReason.NOT_TAKEN),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", FileReason.NOT_TAKEN),
        (b"<!doctype html><script>alert(1)</script>", FileReason.NOT_TAKEN),
        (b"RIFF\x00\x00\x00\x00WAVE", FileReason.NOT_TAKEN),
        (b" %PDF-1.7", FileReason.NOT_TAKEN),
        (OLE, FileReason.OLD_OFFICE),
        (archive({"a.txt": "a"}), FileReason.NOT_TAKEN),
        (archive({"word/document.xml": "<a/>"}), FileReason.NOT_TAKEN),
        (archive(DOCX_PARTS)[:-30], FileReason.UNSAFE),
        (archive(DOCX_PARTS | {"word/vbaProject.bin": "a"}), FileReason.UNSAFE),
        (archive(DOCX_PARTS | {"[Content_Types].xml": MACROS}), FileReason.UNSAFE),
        (archive(DOCX_PARTS | {"[Content_Types].xml": MACROS.encode("utf-16")}), FileReason.UNSAFE),
        (archive(DOCX_PARTS | {"../../etc/passwd": "a"}), FileReason.UNSAFE),
        (archive(DOCX_PARTS | {"bomb": b"\0" * 2**21}), FileReason.UNSAFE),
    ],
)
def test_what_is_not_taken_is_told_apart(content: bytes, reason: FileReason) -> None:
    assert kind_of(content, "a.docx") is reason


@pytest.mark.parametrize(("more", "kind"), [(0, FileKind.PDF), (1, FileReason.TOO_LARGE)])
def test_ten_megabytes_are_taken_and_no_more(more: int, kind: FileKind | FileReason) -> None:
    assert kind_of(PDF.ljust(BYTES_AT_MOST + more), "a.pdf") is kind


def test_whatever_comes_gets_an_answer() -> None:
    dice = random.Random(1)  # noqa: S311 (the same every time)
    seeds = [PDF, OLE, archive(DOCX_PARTS), archive(XLSX_PARTS, packed=False), picture("WEBP"), "登入".encode()]
    for _ in range(2000):
        content = bytearray(dice.choice(seeds))
        for _ in range(dice.randrange(6)):
            content[dice.randrange(len(content))] = dice.randrange(256)
        assert kind_of(bytes(content[: dice.randrange(1, len(content) + 1)]), "a.txt") in {*FileKind, *FileReason}


@pytest.mark.parametrize(
    ("name", "saved"),
    [
        ("畫面.png", "畫面.pdf"),
        ("畫面.pdf.exe", "畫面.pdf.pdf"),
        ("", "PDF 文件.pdf"),
        (".htaccess", "htaccess.pdf"),
        ("...", "PDF 文件.pdf"),
        ("../../etc/passwd", "etcpasswd.pdf"),
        ("a\u202efdp.exe", "afdp.pdf"),
        ("a\u200b\r\nb\0.pdf", "ab.pdf"),
        ("CON:a|b?.pdf", "CONab.pdf"),
        ("長" * 300, "長" * (NAME_AT_MOST - 4) + ".pdf"),
    ],
)
def test_a_file_is_saved_under_a_harmless_name(name: str, saved: str) -> None:
    assert download_name(name, FileKind.PDF) == saved


def test_a_name_is_shown_without_what_turns_it_around() -> None:
    assert shown_name("a\u202efdp.exe") == "afdp.exe"
    assert len(shown_name("長" * 300)) == NAME_AT_MOST
