"""English as it is typed in the chat: words, and phrases around a number, as what they are in Chinese.

The chat listens in Chinese. What is typed in English is first read as it stands, for it may be somebody's own text.
Only where nothing takes it so is it put into Chinese: by ``english.toml`` and, for the names of lists and choices, by
the catalogue that showed them. Nothing is guessed: what is not known in these words stays as it is.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from functools import cache
from importlib.resources import files

from pydantic import TypeAdapter

from core.accounts.models import Permission
from core.checks.models import CheckBucket
from core.closures.kinds import ClosureBucket
from core.dispatches.models import DispatchBucket
from core.helpdesk.models import HelpKind
from core.labels import Labelled
from core.language.models import Language
from core.language.service import in_words
from handlers.chat.words import normal

LONGEST = 80  # signs; what is longer is somebody's own text
PLACE = "{0}"
_SHOWN: tuple[type[Labelled], ...] = (DispatchBucket, CheckBucket, ClosureBucket, HelpKind, Permission)
"""Whose members are typed by the name they are shown under."""
_CHINESE = re.compile("[\u3400-\u9fff]")


def _read(part: str) -> Mapping[str, tuple[str, ...]]:
    text = files(__package__).joinpath("english.toml").read_text(encoding="utf-8")
    return TypeAdapter(dict[str, tuple[str, ...]]).validate_python(tomllib.loads(text)[part])


WORDS = {
    chinese: (*typed, *(each.replace("e-mail", "email") for each in typed if "e-mail" in each))
    for chinese, typed in _read("words").items()
}
"""Each Chinese word with what is typed for it, best first."""
PHRASES = _read("phrases")
_BY_WORD = {normal(each): chinese for chinese, typed in WORDS.items() for each in typed}


def in_chinese(text: str) -> str | None:
    """Return what a text typed in English is in Chinese; None: it is no English that the chat listens for."""
    if len(text) > LONGEST or _CHINESE.search(text):
        return None
    compared = normal(text.replace("’", "'"))
    return _BY_WORD.get(compared) or _of_phrase(text) or _names().get(compared)


def _of_phrase(text: str) -> str | None:
    plain = " ".join(text.split()).rstrip("?!. ")
    for chinese, pattern in _patterns():
        found = pattern.fullmatch(plain)
        if found:
            return chinese.replace(PLACE, found[1])
    return None


@cache
def _patterns() -> tuple[tuple[str, re.Pattern[str]], ...]:
    """Return the phrases as patterns, the longest first: it says most."""
    by_length = sorted(
        ((chinese, each) for chinese, typed in PHRASES.items() for each in typed), key=lambda pair: -len(pair[1])
    )
    return tuple((chinese, _pattern(each)) for chinese, each in by_length)


def _pattern(phrase: str) -> re.Pattern[str]:
    """Return the pattern of a phrase; what stands in its place has a digit, as numbers and dates do."""
    before, after = (re.escape(each.strip()) for each in phrase.split(PLACE))
    gap = r"\s+" if after else ""
    return re.compile(rf"{before}[\s:]*#?((?=\S*[0-9])[0-9A-Z][0-9A-Z/.-]{{0,39}}){gap}{after}", re.IGNORECASE)


@cache
def _names() -> Mapping[str, str]:
    labels = [each.label for kind in _SHOWN for each in kind]
    return {normal(in_words(label, Language.ENGLISH)): label for label in reversed(labels)}
