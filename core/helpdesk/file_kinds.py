"""What a file is, by its content: the few kinds that are taken, and why another is not. Pure (A36, A38).

Neither the name nor what its sender says of it is believed. Pictures are made anew by ``pictures.py``; the others stay
as they are, are only ever handed out as attachments, and under the ending of what they are.
"""

from __future__ import annotations

import codecs
import io
import unicodedata
import zipfile

from core.errors import InvalidInput
from core.helpdesk.models import FileKind, FileReason
from core.imports.archive import check_archive

BYTES_AT_MOST = 10 * 2**20
NAME_AT_MOST = 80  # code points of a name that is handed out
LISTED_AT_MOST = 2**20  # bytes of the list of parts that an office file begins with

PICTURES = frozenset({FileKind.JPEG, FileKind.PNG, FileKind.GIF, FileKind.WEBP})
SUFFIXES = {
    FileKind.JPEG: ".jpg",
    FileKind.PNG: ".png",
    FileKind.GIF: ".gif",
    FileKind.WEBP: ".webp",
    FileKind.PDF: ".pdf",
    FileKind.DOCX: ".docx",
    FileKind.XLSX: ".xlsx",
    FileKind.TEXT: ".txt",
}
_MARKS = (
    (b"\xff\xd8\xff", FileKind.JPEG),
    (b"\x89PNG\r\n\x1a\n", FileKind.PNG),
    (b"GIF87a", FileKind.GIF),
    (b"GIF89a", FileKind.GIF),
    (b"%PDF-", FileKind.PDF),
)
_ZIP, _OLE = b"PK\x03\x04", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_PARTS = "[Content_Types].xml"
_MAIN = {"word/document.xml": FileKind.DOCX, "xl/workbook.xml": FileKind.XLSX}
_MACROS = (b"macroenabled", b"vbaproject")
_WIDE = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
_ENCODINGS = ("utf-8-sig", "cp950")  # the second is what Windows in Taiwan writes
_SPACES = frozenset("\t\n\r\f")
_NOT_IN_NAMES = frozenset('/\\:*?"<>|')


def kind_of(content: bytes, name: str) -> FileKind | FileReason:
    """Return what a file is, or why it is not taken. Only a text is also asked for its name: anything may be text."""
    if not content:
        return FileReason.EMPTY
    if len(content) > BYTES_AT_MOST:
        return FileReason.TOO_LARGE
    return _marked(content) or _unmarked(content, name)


def shown_name(name: str) -> str:
    """Return a file's name as it is shown: nothing invisible, nothing that turns the text around, not endless."""
    return "".join(each for each in unicodedata.normalize("NFC", name) if _is_seen(each))[:NAME_AT_MOST]


def download_name(name: str, kind: FileKind) -> str:
    """Return a name under which a file may be saved: nothing invisible, no path, and the ending of what it is."""
    stem, _, ending = shown_name(name).strip(". ").rpartition(".")
    suffix = SUFFIXES[kind]
    return ((stem or ending).strip(". ")[: NAME_AT_MOST - len(suffix)] or kind.label) + suffix


def _marked(content: bytes) -> FileKind | None:
    """Return the kind of a file that begins with a mark of its own."""
    if content[:4] == b"RIFF" and content[8:12] == b"WEBP":
        return FileKind.WEBP
    return next((kind for mark, kind in _MARKS if content.startswith(mark)), None)


def _unmarked(content: bytes, name: str) -> FileKind | FileReason:
    if content.startswith(_ZIP):
        return _office_kind(content)
    if content.startswith(_OLE):
        return FileReason.OLD_OFFICE
    return FileKind.TEXT if name.lower().endswith(".txt") and _is_text(content) else FileReason.NOT_TAKEN


def _is_seen(character: str) -> bool:
    return unicodedata.category(character)[0] != "C" and character not in _NOT_IN_NAMES


def _office_kind(content: bytes) -> FileKind | FileReason:
    """Return which office file an archive is; its directory is looked at before anything is unpacked (A35)."""
    try:
        check_archive(io.BytesIO(content))
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            names = set(archive.namelist())
            parts = archive.open(_PARTS).read(LISTED_AT_MOST) if _PARTS in names else b""
    except InvalidInput:
        return FileReason.UNSAFE
    except Exception:  # noqa: BLE001 (archives of hostile bytes make what unpacks them raise whatever)
        return FileReason.UNREADABLE
    kind = next((kind for part, kind in _MAIN.items() if part in names), None)
    if kind is None or not parts:
        return FileReason.NOT_TAKEN
    plain = parts.replace(b"\0", b"").lower()  # the list may be written with two bytes a sign
    return FileReason.UNSAFE if any(each in plain for each in _MACROS) else kind


def _is_text(content: bytes) -> bool:
    """Return whether a content is a plain text: readable, without control characters, no markup."""
    encodings = ("utf-16",) if content.startswith(_WIDE) else _ENCODINGS
    text = next((found for each in encodings if (found := _decoded(content, each)) is not None), None)
    return text is not None and not _is_markup(text) and all(each.isprintable() or _is_harmless(each) for each in text)


def _is_harmless(character: str) -> bool:
    """Return whether a sign that is not drawn belongs into a text: line breaks, wide spaces, and what joins emojis."""
    return character in _SPACES or unicodedata.category(character) in ("Zs", "Zl", "Zp", "Cf", "Co", "Cn")


def _is_markup(text: str) -> bool:
    return text.lstrip("\ufeff \t\r\n\f").startswith("<")


def _decoded(content: bytes, encoding: str) -> str | None:
    try:
        return content.decode(encoding)
    except UnicodeDecodeError:
        return None
