"""Pictures made anew: what is seen stays, everything else is gone; what cannot be decoded safely is not (A38)."""

from __future__ import annotations

import io
import random
import struct
import zlib

import pytest
from PIL import Image
from PIL.PngImagePlugin import PngInfo

from core.helpdesk import pictures
from core.helpdesk.models import FileKind, FileReason
from core.helpdesk.pictures import Redrawn, redrawn
from tests.core.helpdesk.sending import PDF, photo_of_a_place, picture

RED, BLUE = (255, 0, 0), (0, 0, 255)


def opened(content: bytes) -> Image.Image:
    made = redrawn(content)
    assert isinstance(made, Redrawn)
    return Image.open(io.BytesIO(made.content))


def png_of(width: int, height: int) -> bytes:
    """Return the beginning of a PNG that says how large it is, and not much more."""
    header = b"IHDR" + struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    data = b"IDAT" + zlib.compress(b"\0" * 1000)
    chunks = (header, data, b"IEND")
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(each) - 4) + each + struct.pack(">I", zlib.crc32(each)) for each in chunks
    )


@pytest.mark.parametrize(
    ("form", "kind"),
    [("JPEG", FileKind.JPEG), ("PNG", FileKind.PNG), ("GIF", FileKind.PNG), ("WEBP", FileKind.PNG)],
)
def test_a_photo_stays_a_photo_and_what_was_drawn_a_drawing(form: str, kind: FileKind) -> None:
    made = redrawn(picture(form, (64, 32)))
    assert isinstance(made, Redrawn)
    assert made.kind is kind
    assert Image.open(io.BytesIO(made.content)).size == (64, 32)


def test_place_camera_and_comments_are_gone() -> None:
    photo = photo_of_a_place()
    assert b"Camera of somebody" in photo
    made = opened(photo)
    assert not made.getexif()
    assert not {"exif", "comment", "icc_profile", "xmp"} & set(made.info)
    again = redrawn(photo)
    assert isinstance(again, Redrawn)
    for hidden in (b"Camera", b"comment", b"Exif"):
        assert hidden not in again.content


def test_texts_in_a_drawing_are_gone() -> None:
    notes = PngInfo()
    notes.add_text("Location", "25.0418, 121.5199")
    notes.add_itxt("XML:com.adobe.xmp", "<x:xmpmeta/>")
    drawn = picture("PNG", pnginfo=notes, icc_profile=b"a profile")
    made = redrawn(drawn)
    assert isinstance(made, Redrawn)
    for hidden in (b"Location", b"xmpmeta", b"iCCP", b"tEXt", b"iTXt"):
        assert hidden not in made.content


@pytest.mark.parametrize(
    ("orientation", "size", "corner"),
    [(1, (64, 32), RED), (3, (64, 32), BLUE), (6, (32, 64), RED), (8, (32, 64), BLUE), (99, (64, 32), RED)],
)
def test_a_picture_stays_as_it_was_held(orientation: int, size: tuple[int, int], corner: tuple[int, int, int]) -> None:
    made = opened(photo_of_a_place(orientation)).convert("RGB")
    seen = made.getpixel((2, 2))
    assert isinstance(seen, tuple)
    assert made.size == size
    assert max(abs(a - b) for a, b in zip(seen, corner, strict=True)) < 20


@pytest.mark.filterwarnings("ignore:Corrupt EXIF data")  # what the decoder says of it when it is not told to raise
def test_a_broken_note_of_the_orientation_is_none() -> None:
    broken = picture("JPEG", exif=b"Exif\0\0II*\0\x08\0\0\0\xff\xff" + b"\xff" * 40)
    assert opened(broken).size == (4, 2)


def test_transparent_places_stay_transparent() -> None:
    clear = Image.new("RGBA", (4, 4), (255, 0, 0, 0))
    file = io.BytesIO()
    clear.save(file, "PNG")
    assert opened(file.getvalue()).getpixel((1, 1)) == (255, 0, 0, 0)


@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "I;16", "CMYK"])
def test_every_way_to_write_colours_is_read(mode: str) -> None:
    file = io.BytesIO()
    Image.new(mode, (4, 4)).save(file, "JPEG" if mode == "CMYK" else "PNG")
    assert opened(file.getvalue()).size == (4, 4)


@pytest.mark.parametrize(
    "tail", [PDF, b"PK\x03\x04" + bytes(40), b"<script>alert(1)</script>", b"<?php system($_GET[0]);"]
)
@pytest.mark.parametrize("form", ["JPEG", "PNG", "GIF", "WEBP"])
def test_what_a_picture_also_was_it_is_no_more(form: str, tail: bytes) -> None:
    made = redrawn(picture(form, (64, 32)) + tail)
    assert isinstance(made, Redrawn)
    assert tail[:5] not in made.content


@pytest.mark.filterwarnings("ignore::PIL.Image.DecompressionBombWarning")
def test_a_bomb_is_told_by_its_header() -> None:
    for width, height in ((50_000, 50_000), (10_000, 9_000), (8_000, 5_001), (2**31 - 1, 1)):
        assert redrawn(png_of(width, height)) is FileReason.TOO_MANY_PIXELS


@pytest.mark.parametrize(("most", "is_taken"), [(64 * 32, True), (64 * 32 - 1, False)])
def test_pixels_are_counted(monkeypatch: pytest.MonkeyPatch, most: int, is_taken: bool) -> None:
    monkeypatch.setattr(pictures, "PIXELS_AT_MOST", most)
    made = redrawn(picture("PNG", (64, 32)))
    assert (isinstance(made, Redrawn)) if is_taken else (made is FileReason.TOO_MANY_PIXELS)


def test_a_large_picture_is_kept_smaller(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pictures, "SIDE_AT_MOST", 16)
    assert opened(picture("JPEG", (64, 32))).size == (16, 8)


def test_a_drawing_that_would_be_too_large_is_kept_as_a_photo(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pictures, "BYTES_AT_MOST", 50)
    made = redrawn(picture("PNG", (64, 32)))
    assert isinstance(made, Redrawn)
    assert made.kind is FileKind.JPEG


@pytest.mark.parametrize("form", ["JPEG", "PNG", "GIF", "WEBP"])
def test_a_broken_picture_is_said_to_be_unreadable(form: str) -> None:
    whole = picture(form, (64, 32))
    assert redrawn(whole[: len(whole) // 2]) is FileReason.UNREADABLE


@pytest.mark.parametrize("form", ["JPEG", "PNG", "GIF", "WEBP"])
def test_whatever_comes_gets_an_answer(form: str) -> None:
    dice = random.Random(form)  # noqa: S311 (the same every time)
    whole = picture(form, (32, 16))
    for _ in range(100):
        content = bytearray(whole)
        for _ in range(dice.randrange(1, 8)):
            content[dice.randrange(len(content))] = dice.randrange(256)
        assert isinstance(redrawn(bytes(content)), Redrawn | FileReason)
