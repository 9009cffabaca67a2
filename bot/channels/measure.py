"""How long a text is, as LINE counts it: some fields in UTF-16 code units, others in grapheme clusters.

A grapheme is what a reader calls one character: a family emoji is one, though it is eleven UTF-16 units.
Texts are only ever cut between graphemes, so that no half emoji and no stray accent is shown.
"""

from __future__ import annotations

from itertools import accumulate

import regex  # type: ignore[import-untyped]  # it publishes no types

_GRAPHEME = regex.compile(r"\X")
ELLIPSIS = "…"


def utf16_length(text: str) -> int:
    """Return the length in UTF-16 code units: characters beyond U+FFFF count two."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def split_graphemes(text: str) -> list[str]:
    """Return the grapheme clusters of a text, in order."""
    pieces: list[str] = _GRAPHEME.findall(text)
    return pieces


def graphemes(text: str) -> int:
    """Return the length in grapheme clusters."""
    return len(text) if text.isascii() and "\r" not in text else len(split_graphemes(text))


def cut(text: str, *, graphemes: int) -> str:
    """Return the text, shortened to at most so many graphemes; the last one is then an ellipsis."""
    pieces = split_graphemes(text)
    if len(pieces) <= graphemes:
        return text
    return "".join(pieces[: max(graphemes - 1, 0)]) + ELLIPSIS if graphemes > 0 else ""


def cut_utf16(text: str, *, units: int) -> str:
    """Return the text, shortened between graphemes to at most so many UTF-16 units, an ellipsis last."""
    if len(text) <= units and utf16_length(text) <= units:
        return text
    return head_utf16(text, units=units - 1) + ELLIPSIS if units > 0 else ""


def head_utf16(text: str, *, units: int) -> str:
    """Return the longest beginning of whole graphemes that has at most so many UTF-16 units."""
    window = text[: units + 1]  # one more, so that a grapheme cut by the window is seen not to fit
    pieces = split_graphemes(window)
    ends = accumulate(utf16_length(piece) for piece in pieces)
    return "".join(piece for piece, end in zip(pieces, ends, strict=True) if end <= units)
