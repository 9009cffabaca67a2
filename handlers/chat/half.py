"""Half a sentence behind an answer: 什麼時候到期, 為什麼, 然後呢, 還缺什麼, 打開, 這個呢, 2/25那件, 另一件.

Pure, like ``following``: what is asked is read off the words, of what is read off what was seen. Where one case was
spoken of it is that one; where a list stands there, all of it, or the question which one. Without either nothing is
meant.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable
from dataclasses import dataclass
from importlib.resources import files

from pydantic import BaseModel, ConfigDict

from handlers.chat.seen import CASE, CLOSING, WORKING, Item, Seen, listed, stands_on
from handlers.chat.understanding.intents import Intent
from handlers.chat.words import WHAT_IS_LEFT

LONGEST = 16  # signs of a text that may be half a sentence
RECORDS, REASONS = Intent.RECORDS.word, Intent.RETURN_REASONS.word
LIGHT = Intent.FAQ_LIGHTS.word
NUMBERS_AT_MOST = 8


class _Listed(BaseModel):
    """What ``half.toml`` holds."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    said: dict[str, str]
    around: dict[str, str]
    asked: dict[str, tuple[str, ...]]


def _read() -> _Listed:
    return _Listed.model_validate(tomllib.loads(files(__package__).joinpath("half.toml").read_text(encoding="utf-8")))


def _patterns(listed_words: _Listed) -> dict[str, re.Pattern[str]]:
    """Return one pattern for each thing that is asked, with what may stand around it."""
    before, points, all_of, behind = (listed_words.around[each] for each in ("before", "points", "all", "behind"))
    filled = {kind: "|".join(each) for kind, each in listed_words.asked.items()}
    for name, words in listed_words.said.items():
        filled = {kind: each.replace(f"{{{name}}}", words) for kind, each in filled.items()}
    around = f"(?:{before})*+(?:{points})?(?P<all>{all_of})?(?:{before})*+"
    return {kind: re.compile(f"{around}(?:{each})(?:{behind})*") for kind, each in filled.items()}


_ASKED = _patterns(_read())
_OTHER = re.compile(
    "(?:那麼?|啊|欸|看|給我)*(?:另外?|另外那|剩下那?|其他那?)[那的]?一?[件個筆張間](?:案子|案件)?(?:呢|啊|咧|給我看|看一下)*"
)
_DATED = re.compile(
    "(?:那麼?|啊|欸|看|給我)*(?P<day>(?:[0-9]{2,3}[/年.-])?(?:1[0-2]|0?[1-9])[/月.-](?:3[01]|[12][0-9]|0?[1-9]))[日號]?"
    "(?:派(?:案|來)?|到期|要[交回]|截止|收到?|發生)?的?那?一?[件個筆張](?:案子|案件|單子)?(?P<rest>.*)"
)
_WORDS = {
    "why": WORKING, "reason": REASONS, "when": WHAT_IS_LEFT, "next": CASE, "lacks": WHAT_IS_LEFT,
    "records": RECORDS, "came": CASE, "who": CASE, "show": CASE, "why_not": CLOSING, "light": LIGHT,
}  # fmt: skip
"""What stands before the number of a case of which this is asked."""
_ONE_BY_ONE = frozenset({"when", "next", "lacks", "slowest"})
"""Asked of a list, it is answered for each of it."""


@dataclass(frozen=True)
class Meant:
    """Cases or checks by their numbers, or things of a list, and what is asked of them."""

    text: str = ""
    """What would be typed in full; empty: one of ``places`` is meant, and where there are several it is asked which."""
    places: tuple[int, ...] = ()
    word: str = ""
    """What is asked of it, as a word to stand before its number; empty: to see it."""
    rest: str = ""
    """What else was said of it, as it was said."""


def half(folded: str, seen: Seen) -> Meant | None:
    """Return what half a sentence means by what was seen; None: it is none, or nothing was seen."""
    if len(folded) > LONGEST or not (seen.about or seen.items):
        return None
    if seen.items and (found := _OTHER.fullmatch(folded)):
        return _one_of(place for place, item in enumerate(seen.items) if not _is_shown(place, item, seen))
    if seen.items and (found := _DATED.fullmatch(folded)):
        places = (place for place, item in enumerate(seen.items) if stands_on(item, found["day"]))
        return _one_of(places, rest=found["rest"])
    asked = next(((kind, found) for kind, words in _ASKED.items() if (found := words.fullmatch(folded))), None)
    if asked is None:
        return None
    kind, found = asked
    if seen.is_about and not found["all"] and kind != "slowest":
        text = _of_one(kind, seen)
        return Meant(text) if text else None
    return _of_list(kind, seen) if seen.items and seen.is_fresh else None


def _of_one(kind: str, seen: Seen) -> str:
    """Return what is asked of the case that was spoken of; empty: nothing that is known of it."""
    number, is_closing = seen.about, seen.wish == CLOSING
    if is_closing and kind in ("when", "why", "why_not", "lacks", "earliest", "next", "reason"):
        return f"{CLOSING} {number}"
    word = _WORDS.get(kind, "")
    return f"{word} {number}" if word else ""


def _of_list(kind: str, seen: Seen) -> Meant | None:
    """Return what is asked of a list: of each of it, or of the one that has yet to be named."""
    numbers = listed(seen)[:NUMBERS_AT_MOST]
    if kind in _ONE_BY_ONE and numbers:
        return Meant(f"{WHAT_IS_LEFT} {'、'.join(numbers)}")
    if kind == "reason" and numbers:
        return Meant(REASONS)
    if kind in ("show", "this"):
        return _one_of(range(len(seen.items)))
    word = _WORDS.get(kind, "")
    return _one_of((place for place, item in enumerate(seen.items) if item.number), word) if word and numbers else None


def _is_shown(place: int, item: Item, seen: Seen) -> bool:
    """Return whether an item is the one that was looked at last."""
    return place == seen.chosen or bool(seen.is_about and item.number == seen.about)


def _one_of(places: Iterable[int], word: str = "", rest: str = "") -> Meant | None:
    found = tuple(places)
    return Meant(places=found, word=word, rest=rest) if found else None


def of(item: Item, word: str) -> str:
    """Return what a choice among several does: it asks this of the item's number, or shows the item."""
    return f"{word} {item.number}" if word and item.number else item.ways[0].does
