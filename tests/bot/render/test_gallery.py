"""Each kind of card as LINE gets it, one file a card: a change of look or of words shows as a change of file.

Set ``REWRITE_SNAPSHOTS=1`` to write the files anew, and read the difference before it is committed. However long its
texts become, each card stays within LINE's limits.
"""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import TypeVar

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from linebot.v3.messaging import FlexMessage, TextMessage  # type: ignore[import-untyped]

from bot.channels.json_types import Json
from bot.channels.limits import problems
from bot.render.flex import draw
from core.cards import Copy, Piece, Say
from core.language.models import Language
from core.language.service import SHOWN, in_language
from tests.bot.render.gallery import GALLERY
from tests.bot.render.samples import a_fill

KEPT = Path(__file__).parent / "cards"
P = TypeVar("P", bound=Piece)
PIECES_OF_TEXT = ("字", "王○明", "Montgomery-", "😀", "é", "\n", "👨‍👩‍👧‍👦")


@pytest.mark.parametrize("name", GALLERY)
def test_it_looks_as_kept(name: str) -> None:
    drawn = json.dumps(draw(GALLERY[name](), a_fill()), ensure_ascii=False, indent=1) + "\n"
    path = KEPT / f"{name}.json"
    if os.environ.get("REWRITE_SNAPSHOTS"):
        path.write_text(drawn, encoding="utf-8")
    assert drawn == path.read_text(encoding="utf-8")


def test_every_kept_file_belongs_to_a_card() -> None:
    assert {path.stem for path in KEPT.iterdir()} == set(GALLERY)


@pytest.mark.parametrize("language", Language)
@pytest.mark.parametrize("name", GALLERY)
def test_it_fits_line_in_each_language_and_the_sdk_loses_nothing(name: str, language: Language) -> None:
    messages = draw(in_language(GALLERY[name](), language), a_fill())
    assert problems(messages) == []
    assert [_through_the_sdk(message) for message in messages] == messages


def _through_the_sdk(message: Json) -> object:
    model = FlexMessage if message["type"] == "flex" else TextMessage
    return model.from_dict(message).to_dict()


@settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
@given(
    name=st.sampled_from(sorted(GALLERY)),
    unit=st.sampled_from(PIECES_OF_TEXT),
    times=st.integers(0, 60) | st.integers(60, 6_000),
)
def test_it_fits_line_at_any_length_of_its_texts(name: str, unit: str, times: int) -> None:
    grown = _grown(GALLERY[name](), unit * times)
    assert problems(draw(grown, a_fill())) == []


def _grown(piece: P, more: str) -> P:
    """Return a piece with every text that people read made longer; what a button types or copies stays."""
    changed: dict[str, object] = {}
    for name, value in piece:
        if isinstance(value, Piece):
            changed[name] = _grown(value, more)
        elif isinstance(value, tuple):
            changed[name] = tuple(_grown(each, more) for each in value)
        elif isinstance(value, str) and name in SHOWN and not (isinstance(piece, Say | Copy) and name == "text"):
            changed[name] = value + more
    return piece.model_copy(update=changed)
