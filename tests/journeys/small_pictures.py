"""Pictures of pages as small files: a screen has few colours, and the repository keeps every version of a picture."""

from __future__ import annotations

from io import BytesIO
from pathlib import Path

from PIL import Image

COLOURS = 160


def keep_small(picture: Image.Image, path: Path) -> None:
    """Write a picture as a PNG of few colours; the rare ones, which say a state, are kept before many shades of one."""
    few = picture.convert("RGB").quantize(COLOURS, method=Image.Quantize.MAXCOVERAGE, dither=Image.Dither.NONE)
    few.save(path, optimize=True)


def keep_shot(shot: bytes, path: Path) -> None:
    """Write a browser's screenshot so."""
    keep_small(Image.open(BytesIO(shot)), path)
