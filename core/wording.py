"""What counts as saying something, and how long and how wide a text is: pure (REC-4, REPLY-8, CLOSE-7)."""

from __future__ import annotations

import unicodedata

import regex  # type: ignore[import-untyped]  # it publishes no types

NOTHING = frozenset("無")  # REPLY-8: blank when it stands alone
MARKS_A_CHARACTER = 16  # code points; the longest emoji in use has eleven

_CLUSTER = regex.compile(r"\X")
_INVISIBLE = frozenset("\u115f\u1160")  # letters by their class, drawn as nothing


def is_blank(text: str) -> bool:
    """Return whether a text says nothing: white space, punctuation, signs and 無 alone are blank (REPLY-8)."""
    plain = unicodedata.normalize("NFKC", text)
    return {each for each in plain if _is_said(each)} <= NOTHING


def characters(text: str) -> int:
    """Return a text's length as people count: an emoji or an accented letter is one.

    A pile of marks on one letter counts once more for every sixteen, or a limit in characters would be none.
    """
    clusters: list[str] = _CLUSTER.findall(text)
    return sum(1 + len(each) // MARKS_A_CHARACTER for each in clusters)


def columns(text: str) -> int:
    """Return the width of a text in columns of a screen of even letters: a Chinese character takes two."""
    return sum(2 if unicodedata.east_asian_width(each) in "WF" else 1 for each in text)


def _is_said(character: str) -> bool:
    return unicodedata.category(character)[0] in "LN" and character not in _INVISIBLE
