"""The shape of JSON as this program builds and reads it, so that no ``Any`` leaks out of a channel.

Containers are read-only in the types (``Mapping``, ``Sequence``): a drawn message is made once and never
changed.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TypeAlias

JsonValue: TypeAlias = "str | int | float | bool | Sequence[JsonValue] | Mapping[str, JsonValue] | None"
Json: TypeAlias = Mapping[str, JsonValue]


def as_object(value: JsonValue) -> Json | None:
    """Return ``value`` if it is a JSON object, else nothing."""
    return value if isinstance(value, Mapping) else None


def as_list(value: JsonValue) -> Sequence[JsonValue] | None:
    """Return ``value`` if it is a JSON array, else nothing: a string is no array."""
    return value if isinstance(value, Sequence) and not isinstance(value, str) else None
