"""Every card in English reads as English: no words glued together, no sign without its space, no Chinese but names."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest

from bot.channels.json_types import JsonValue
from bot.render.flex import draw
from core.language.models import Language
from core.language.service import in_language
from tests.bot.render.gallery import GALLERY
from tests.bot.render.samples import a_fill

GLUED = re.compile(r"[a-z][A-Z][a-z]|[a-z][.,;:!?)][A-Za-z(]|[ ]{2}|[ ][.,;:!?](?![a-z])|[(] | [)]")
"""What stands where a space is missing or one too many."""
OURS = re.compile(r"\S+@\S+|https?://\S+|[a-z]+://\S+|\b[A-Z]\w*[A-Z]\w*")
"""Addresses, and names of the house such as ECare and LINE."""


def texts(drawn: JsonValue) -> Iterator[str]:
    if isinstance(drawn, dict):
        for name, value in drawn.items():
            if name in ("text", "label", "altText") and isinstance(value, str):
                yield value
            else:
                yield from texts(value)
    elif isinstance(drawn, list):
        for each in drawn:
            yield from texts(each)


@pytest.mark.parametrize("name", GALLERY)
def test_it_reads_as_english(name: str) -> None:
    said = [
        text
        for message in draw(in_language(GALLERY[name](), Language.ENGLISH), a_fill())
        for text in texts(dict(message))
    ]
    assert [text for text in said if GLUED.search(OURS.sub("X", text))] == []
