"""The rules by which concepts together mean an intent: ``meanings.toml``, read once."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from importlib.resources import files

from pydantic import TypeAdapter

from handlers.chat.understanding.intents import Intent
from handlers.chat.understanding.lexicon import weight

BONUS = "+"


@dataclass(frozen=True)
class Rule:
    """Concepts that together mean an intent."""

    intent: Intent
    needs: frozenset[str]
    weight: float
    """What the concepts weigh, and the bonus."""


def _read() -> Iterator[Rule]:
    text = files(__package__).joinpath("meanings.toml").read_text(encoding="utf-8")
    meanings = TypeAdapter(dict[Intent, tuple[str, ...]]).validate_python(tomllib.loads(text))
    for intent, written in meanings.items():
        yield from (_rule(intent, each.split()) for each in written)


def _rule(intent: Intent, words: list[str]) -> Rule:
    needs = frozenset(word for word in words if not word.startswith(BONUS))
    bonus = sum(float(word) for word in words if word.startswith(BONUS))
    return Rule(intent, needs, sum(weight(each) for each in needs) + bonus)


RULES = tuple(_read())
