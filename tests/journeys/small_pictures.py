"""Pictures of pages as small files: a screen has few colours, and the repository keeps every version of a picture."""

from __future__ import annotations

from io import BytesIO
from pathlib import Path

from PIL import Image

FREQUENT, RARE = 160, 96  # a palette holds 256
EVERY = 1 << 24


def keep_small(picture: Image.Image, path: Path) -> None:
    """Write a picture as a PNG of its most frequent colours, each exactly, and of the widest range of the others.

    A state is told by its colour too, and on a small picture that colour is rare.
    """
    opaque = picture.convert("RGB")
    counted = sorted(opaque.getcolors(EVERY) or (), key=lambda each: -int(each[0]))[:FREQUENT]
    others = opaque.quantize(RARE, method=Image.Quantize.MAXCOVERAGE).getpalette() or []
    palette = Image.new("P", (1, 1))
    palette.putpalette([channel for _, colour in counted for channel in _channels(colour)] + others)
    opaque.quantize(palette=palette, dither=Image.Dither.NONE).save(path, optimize=True)


def _channels(colour: object) -> tuple[int, ...]:
    return colour if isinstance(colour, tuple) else ()


def keep_shot(shot: bytes, path: Path) -> None:
    """Write a browser's screenshot so."""
    keep_small(Image.open(BytesIO(shot)), path)
