"""Pictures and files as people send them, and the way of one from a phone into a request."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Mapping

from PIL import Image

from core.access import system
from core.audit import Door
from core.context import Core
from core.helpdesk import files
from core.helpdesk.entries import Written
from core.helpdesk.files import Looked, ToFetch
from core.helpdesk.models import EntryKind, FileReason
from core.helpdesk.service import write

JOB = system("help_worker")
PDF = b"%PDF-1.7\n1 0 obj<<>>endobj\ntrailer<<>>\n%%EOF\n"
DOCX_PARTS = {
    "[Content_Types].xml": "<Types><Override PartName='/word/document.xml'/></Types>",
    "word/document.xml": "<w:document/>",
}
XLSX_PARTS = {"[Content_Types].xml": "<Types/>", "xl/workbook.xml": "<workbook/>"}
ORIENTATION, PLACE, MAKER = 0x0112, 0x8825, 0x010F  # tags of EXIF


def archive(parts: Mapping[str, str | bytes], *, packed: bool = True) -> bytes:
    """Return a zip of these parts."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED if packed else zipfile.ZIP_STORED) as made:
        for name, content in parts.items():
            made.writestr(name, content)
    return file.getvalue()


def picture(form: str = "PNG", size: tuple[int, int] = (4, 2), **further: object) -> bytes:
    """Return a picture whose left half is red and whose right half is blue."""
    drawn = Image.new("RGB", size, "red")
    drawn.paste("blue", (size[0] // 2, 0, *size))
    file = io.BytesIO()
    drawn.save(file, form, **further)
    return file.getvalue()


def photo_of_a_place(orientation: int = 1) -> bytes:
    """Return a photo that says where it was taken, with which camera, and how that was held."""
    notes = Image.Exif()
    notes[ORIENTATION], notes[MAKER] = orientation, "Camera of somebody"
    notes.get_ifd(PLACE).update({1: "N", 2: (25.0, 2.0, 30.0), 3: "E", 4: (121.0, 31.0, 11.0)})
    return picture("JPEG", (64, 32), exif=notes, comment=b"a comment", quality=95)


def sends(core: Core, person: str, name: str = "", kind: EntryKind = EntryKind.PICTURE, message_id: str = "17") -> None:
    """Let somebody whose request talks send a picture or file."""
    with core.transaction(system("chat"), Door.CHAT) as ctx:
        assert write(ctx, person, Written(kind=kind, message_id=message_id, file_name=name, read_token="mark"))


def taken(core: Core) -> ToFetch:
    """Take what waits to be fetched."""
    with core.transaction(JOB, Door.JOB) as ctx:
        found = files.take_next(ctx)
    assert found is not None, "nothing is due"
    return found


def arrives(core: Core, content: bytes) -> int:
    """Let the content of what waits arrive; return the file's number."""
    waiting = taken(core)
    looked = files.looked_at(content, waiting.name)
    with core.transaction(JOB, Door.JOB) as ctx:
        if isinstance(looked, Looked):
            assert files.keep(ctx, waiting, looked)
        else:
            assert isinstance(looked, FileReason)
            assert files.refuse(ctx, waiting, looked)
    return waiting.number
