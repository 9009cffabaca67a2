"""JSON as typed values: what comes in from a bot or a browser is narrowed here, before anything uses it."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence

from bot.channels.json_types import Json, JsonValue, as_list, as_object

__all__ = ["Json", "JsonValue", "dump", "list_at", "object_at", "objects_in", "parse", "text_at", "texts_at"]


def parse(raw: bytes) -> JsonValue:
    """Return the value; raises ``ValueError`` when the bytes are no UTF-8 JSON or are nested too deep."""
    try:
        value: JsonValue = json.loads(raw.decode("utf-8"))
    except RecursionError as error:
        raise ValueError("nested too deep") from error
    return value


def dump(value: JsonValue) -> bytes:
    """Return compact UTF-8 JSON, the form LINE posts."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode()


def _at(value: JsonValue, key: str) -> JsonValue:
    held = as_object(value)
    return None if held is None else held.get(key)


def object_at(value: JsonValue, key: str) -> Json:
    """Return the object under a key; empty when there is none."""
    return as_object(_at(value, key)) or {}


def list_at(value: JsonValue, key: str) -> Sequence[JsonValue]:
    """Return the array under a key; empty when there is none."""
    return as_list(_at(value, key)) or ()


def text_at(value: JsonValue, key: str) -> str:
    """Return the string under a key; empty when there is none or it is no string."""
    found = _at(value, key)
    return found if isinstance(found, str) else ""


def texts_at(value: JsonValue, key: str) -> list[str]:
    """Return the strings of an array under a key; other values are left out."""
    return [each for each in list_at(value, key) if isinstance(each, str)]


def objects_in(value: JsonValue) -> Iterator[Json]:
    """Yield every object inside a value, itself first, in the order they are written."""
    held = as_object(value)
    if held is not None:
        yield held
    for each in held.values() if held is not None else as_list(value) or ():
        yield from objects_in(each)
