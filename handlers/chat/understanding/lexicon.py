"""The terms of the house with the concepts they stand for, and how much those weigh: ``lexicon.toml``, read once."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from importlib.resources import files

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter

NUMBER, DATE, DAY = "NUMBER", "DATE", "DAY"  # concepts that are found by their form, in ``matching``
FILLER = "FILLER"  # says nothing: it stands in no rule, and does not count as part of a text
_FORMS = {NUMBER: 2.0, DATE: 1.0, DAY: 1.0}  # a case number names its case, a day only helps


class Concept(BaseModel):
    """What several terms stand for."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    weight: float = Field(gt=0)
    terms: str
    """With white space between."""


def _read() -> dict[str, Concept]:
    text = files(__package__).joinpath("lexicon.toml").read_text(encoding="utf-8")
    return TypeAdapter(dict[str, Concept]).validate_python(tomllib.loads(text))


CONCEPTS = _read()


def terms() -> Iterator[tuple[str, str]]:
    """Yield each term with the name of its concept."""
    for name, concept in CONCEPTS.items():
        for term in concept.terms.split():
            yield term, name


def english_terms() -> Iterator[tuple[str, str]]:
    """Yield each English term with the name of its concept."""
    text = files(__package__).joinpath("lexicon_english.toml").read_text(encoding="utf-8")
    for name, listed in TypeAdapter(dict[str, str]).validate_python(tomllib.loads(text)).items():
        for term in listed.split(","):
            yield term, name


def weight(concept: str) -> float:
    """Return how much a concept weighs."""
    return _FORMS[concept] if concept in _FORMS else CONCEPTS[concept].weight
