"""The few Flex components that cards are drawn from.

Each text wraps and scales with the size the person chose on the phone, and none is ever empty, because LINE
refuses empty text.
"""

from __future__ import annotations

import re
from typing import TypeAlias

from bot.channels.json_types import JsonValue
from bot.channels.measure import cut, cut_utf16
from bot.render.tones import TEXT, THIN

Component: TypeAlias = dict[str, JsonValue]

EDGE = "xl"  # what stands in a strip, a body and a footer begins on one line
BLANK = "－"  # stands where there is nothing to show
UNITS_A_GRAPHEME = 4  # plenty for text and plain emoji
_INVISIBLE = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")
"""Control characters, and those that turn the direction of writing and so make a text read as another."""


def shown(text: str, units: int) -> str:
    """Return a text that can be shown: no control characters, never blank, at most so many UTF-16 units."""
    clean = _INVISIBLE.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))
    return cut_utf16(clean.strip(), units=units) or BLANK


def label(text: str, graphemes: int) -> str:
    """Return a button's label on one line, cut to the graphemes its place takes.

    A grapheme may carry any number of marks, so the length in UTF-16 units is bounded too.
    """
    return cut(shown(" ".join(text.split()), UNITS_A_GRAPHEME * graphemes), graphemes=graphemes)


def words(text: str, units: int, **looks: JsonValue) -> Component:
    """Return a text component that wraps, of at most so many UTF-16 units; looks replace the plain ones."""
    return {
        "type": "text",
        "text": shown(text, units),
        "size": "md",
        "color": TEXT,
        "wrap": True,
        "scaling": True,
        **looks,
    }


def box(layout: str, contents: list[Component], **looks: JsonValue) -> Component:
    """Return a box of components."""
    return {"type": "box", "layout": layout, "contents": contents, **looks}


def line() -> Component:
    """Return a thin line, with a little more air above it than between blocks."""
    return {"type": "separator", "color": THIN, "margin": "lg"}
