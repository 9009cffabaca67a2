"""How well the bot understands what people write: the labelled phrases, the untouched half above all."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from pathlib import Path
from time import process_time

import pytest

from handlers.chat.understanding import Intent, understand
from handlers.chat.understanding.meaning import NONE, SEVERAL, TITLES, meaning

FOLDER = Path(__file__).parent
SPECIAL = {NONE}
AT_LEAST = {"chinese": 300, "english": 60}
RIGHT = 0.95
ODD = set("13579bdf")
MILLISECONDS = 5
LANGUAGES = tuple(AT_LEAST)


@dataclass(frozen=True)
class Phrase:
    meant: str
    text: str

    @property
    def is_untouched(self) -> bool:
        return hashlib.sha256(self.text.encode()).hexdigest()[-1] in ODD

    @property
    def labels(self) -> set[str]:
        return {label for each in self.meant.split("|") for label in each.split("+")}

    @property
    def is_understood(self) -> bool:
        found = meaning(self.text)
        understood = {found.name}
        if found.name == SEVERAL:
            assert found.reading is not None
            understood = set(found.reading.intents)
        return any(understood == set(each.split("+")) for each in self.meant.split("|"))


def _read(name: str) -> list[Phrase]:
    lines = (FOLDER / name).read_text(encoding="utf-8").splitlines()
    return [Phrase(*line.split("\t")) for line in lines if not line.startswith("#")]


PHRASES = {"chinese": _read("phrases.tsv"), "english": _read("phrases_english.tsv")}
ALL = [each for phrases in PHRASES.values() for each in phrases]


@pytest.mark.parametrize("language", LANGUAGES)
def test_there_are_enough_phrases_and_none_twice(language: str) -> None:
    phrases = PHRASES[language]
    assert len(phrases) == len({each.text for each in phrases}) >= AT_LEAST[language]
    untouched = sum(each.is_untouched for each in phrases)
    assert 0.4 < untouched / len(phrases) < 0.6


def test_every_label_is_an_intent_and_every_intent_has_phrases() -> None:
    labels = {label for each in PHRASES["chinese"] for label in each.labels}
    assert labels == set(Intent) | SPECIAL
    assert {label for each in PHRASES["english"] for label in each.labels} <= labels


@pytest.mark.parametrize("is_untouched", [False, True], ids=["tuned", "untouched"])
@pytest.mark.parametrize("language", LANGUAGES)
def test_enough_is_understood(language: str, is_untouched: bool) -> None:
    half = [each for each in PHRASES[language] if each.is_untouched is is_untouched]
    share = sum(each.is_understood for each in half) / len(half)
    assert share >= RIGHT, f"{share:.1%} of {len(half)} phrases"


def test_a_phrase_of_one_thing_is_never_taken_for_a_danger() -> None:
    assert [each for each in ALL if meaning(each.text).name == "urgent"] == []


def test_a_message_takes_less_than_five_milliseconds() -> None:
    began = process_time()
    for each in ALL:
        understand(each.text, TITLES)
    assert (process_time() - began) * 1000 / len(ALL) < MILLISECONDS
