"""How well the bot understands what people write: the labelled phrases, the untouched half above all."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from pathlib import Path
from time import process_time

import pytest

from handlers.chat.understanding import Intent, understand
from handlers.chat.understanding.meaning import NONE, SEVERAL, TITLES, meaning

FILE = Path(__file__).with_name("phrases.tsv")
SPECIAL = {NONE}
AT_LEAST = 300
RIGHT = 0.95
ODD = set("13579bdf")
MILLISECONDS = 5


@dataclass(frozen=True)
class Phrase:
    meant: str
    text: str

    @property
    def is_untouched(self) -> bool:
        return hashlib.sha256(self.text.encode()).hexdigest()[-1] in ODD

    @property
    def is_understood(self) -> bool:
        found = meaning(self.text)
        if found.name == SEVERAL:
            assert found.reading is not None
            return set(found.reading.intents) == set(self.meant.split("+"))
        return found.name == self.meant


def _read() -> list[Phrase]:
    lines = FILE.read_text(encoding="utf-8").splitlines()
    return [Phrase(*line.split("\t")) for line in lines if not line.startswith("#")]


PHRASES = _read()


def test_there_are_enough_phrases_and_none_twice() -> None:
    assert len(PHRASES) == len({each.text for each in PHRASES}) >= AT_LEAST
    untouched = sum(each.is_untouched for each in PHRASES)
    assert 0.4 < untouched / len(PHRASES) < 0.6


def test_every_label_is_an_intent_and_every_intent_has_phrases() -> None:
    labels = {label for each in PHRASES for label in each.meant.split("+")}
    assert labels == set(Intent) | SPECIAL


@pytest.mark.parametrize("is_untouched", [False, True], ids=["tuned", "untouched"])
def test_enough_is_understood(is_untouched: bool) -> None:
    half = [each for each in PHRASES if each.is_untouched is is_untouched]
    share = sum(each.is_understood for each in half) / len(half)
    assert share >= RIGHT, f"{share:.1%} of {len(half)} phrases"


def test_a_phrase_of_one_thing_is_never_taken_for_a_danger() -> None:
    assert [each for each in PHRASES if meaning(each.text).name == "urgent"] == []


def test_a_message_takes_less_than_five_milliseconds() -> None:
    began = process_time()
    for each in PHRASES:
        understand(each.text, TITLES)
    assert (process_time() - began) * 1000 / len(PHRASES) < MILLISECONDS
