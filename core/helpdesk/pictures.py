"""Pictures made anew: decoded under a cap and written again, so that only what is seen is left of them (A38).

The place and everything else a camera writes is gone, the picture stays as it was held; whatever else the file was too,
it is no more. The decoders are Pillow's; what hostile bytes make them raise means that the picture cannot be read.
"""

from __future__ import annotations

import io
from dataclasses import dataclass

from PIL import Image, ImageOps

from core.helpdesk.file_kinds import BYTES_AT_MOST
from core.helpdesk.models import FileKind, FileReason

PIXELS_AT_MOST = 40_000_000  # 160 MB while it is decoded; today's phones take 12 to 50 million and LINE sends fewer
SIDE_AT_MOST = 4096
QUALITY = 88
_FORMATS = ("JPEG", "PNG", "GIF", "WEBP")
_BOMBS = (Image.DecompressionBombError, Image.DecompressionBombWarning)


@dataclass(frozen=True)
class Redrawn:
    """A picture as it is kept."""

    kind: FileKind
    content: bytes


def redrawn(content: bytes) -> Redrawn | FileReason:
    """Return a picture made anew: PNG where it has transparent places or was drawn, else JPEG; or why it cannot be."""
    try:
        with Image.open(io.BytesIO(content), formats=_FORMATS) as image:
            if image.width * image.height > PIXELS_AT_MOST:
                return FileReason.TOO_MANY_PIXELS
            return _written(_upright(image), is_photo=image.format in ("JPEG", "MPO"))
    except _BOMBS:
        return FileReason.TOO_MANY_PIXELS
    except Exception:  # noqa: BLE001 (decoders that are fed with hostile bytes raise whatever)
        return FileReason.UNREADABLE


def _upright(image: Image.Image) -> Image.Image:
    """Return the picture as it was held, no larger than is kept; a note of its orientation that is broken is none."""
    image.thumbnail((SIDE_AT_MOST, SIDE_AT_MOST))
    try:
        return ImageOps.exif_transpose(image)
    except Exception:  # noqa: BLE001 (as above: the note is as hostile as the rest)
        return image


def _written(image: Image.Image, *, is_photo: bool) -> Redrawn:
    if not is_photo:
        drawn = _saved(image.convert("RGBA" if image.has_transparency_data else "RGB"), "PNG")
        if len(drawn) <= BYTES_AT_MOST:
            return Redrawn(FileKind.PNG, drawn)
    return Redrawn(FileKind.JPEG, _saved(image.convert("RGB"), "JPEG"))


def _saved(image: Image.Image, form: str) -> bytes:
    image.info.clear()  # comments and profiles would go along
    file = io.BytesIO()
    image.save(file, form, quality=QUALITY)
    return file.getvalue()
