"""The vocabulary of the limits: what a problem is, and small checks of one field that the tables are made of.

Nothing here knows a message type; those stand in ``limits.py``, ``limits_actions.py``, ``limits_flex.py`` and
``limits_templates.py``.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import dataclass
from enum import Enum

from pydantic_core import to_json

from bot.channels.json_types import Json, JsonValue, as_list
from bot.channels.measure import graphemes, utf16_length

URL_MOST = 2000


@dataclass(frozen=True)
class LimitProblem:
    """One broken limit: where (``messages[0].text``) and what, in the words of an API error."""

    path: str
    message: str


Problems = Iterator[LimitProblem]


class Count(Enum):
    """How a field's length is counted, with the unit's name."""

    UTF16 = "UTF-16 code units"
    GRAPHEMES = "grapheme clusters"

    def of(self, text: str) -> int:
        """Return the length of a text in this unit."""
        measure: Callable[[str], int] = utf16_length if self is Count.UTF16 else graphemes
        return measure(text)


@dataclass(frozen=True)
class TextLimit:
    """A text field: at most so long, and whether it must be there. A text that is there is never empty."""

    field: str
    most: int
    count: Count = Count.UTF16
    required: bool = True


def text_problems(owner: Json, path: str, limits: Iterable[TextLimit]) -> Problems:
    """Yield what is wrong with these text fields of an object."""
    for limit in limits:
        value = owner.get(limit.field)
        where = f"{path}.{limit.field}"
        if value is None:
            if limit.required:
                yield LimitProblem(where, "must be specified")
        elif not isinstance(value, str) or not value:
            yield LimitProblem(where, "must be non-empty text")
        elif limit.count.of(value) > limit.most:
            yield LimitProblem(where, f"length must be between 1 and {limit.most} {limit.count.value}")


def url_problems(owner: Json, path: str, field: str, *, required: bool = True) -> Problems:
    """Yield what is wrong with an https address of a picture or a file, at most 2000 units long."""
    yield from text_problems(owner, path, [TextLimit(field, URL_MOST, required=required)])
    value = owner.get(field)
    if isinstance(value, str) and value and not value.startswith("https://"):
        yield LimitProblem(f"{path}.{field}", "must be an https URL")


def count_problems(owner: Json, path: str, field: str, least: int, most: int) -> Problems:
    """Yield a problem unless the field is an array of ``least`` to ``most`` items."""
    items = as_list(owner.get(field))
    if items is None or not least <= len(items) <= most:
        yield LimitProblem(f"{path}.{field}", f"size must be between {least} and {most}")


def choice_problems(owner: Json, path: str, field: str, allowed: Collection[str]) -> Problems:
    """Yield a problem if the field is there and none of the allowed words."""
    value = owner.get(field)
    if field in owner and not (isinstance(value, str) and value in allowed):
        yield LimitProblem(f"{path}.{field}", f"must be one of {', '.join(sorted(allowed))}")


def json_size(value: JsonValue) -> int:
    """Return the size in bytes of the compact JSON, as it is sent."""
    try:
        return len(to_json(value))
    except ValueError:  # half of a surrogate pair, which is no text in UTF-8
        return len(json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "surrogatepass"))


def size_problem(value: JsonValue, path: str, most: int) -> Problems:
    """Yield a problem if the JSON is larger than ``most`` bytes."""
    size = json_size(value)
    if size > most:
        yield LimitProblem(path, f"JSON is {size} bytes, at most {most} are taken")


def items_of(owner: Json, path: str, field: str) -> Iterator[tuple[JsonValue, str]]:
    """Yield each item of an array field with its path; nothing if the field is no array."""
    for index, item in enumerate(as_list(owner.get(field)) or ()):
        yield item, f"{path}.{field}[{index}]"
