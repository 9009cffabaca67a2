"""Enums whose members carry their Chinese label: the value is stored, the label is shown."""

from __future__ import annotations

from enum import StrEnum
from typing import Self


class Labelled(StrEnum):
    """A string enum of (stored value, label) pairs."""

    label: str

    def __new__(cls, value: str, label: str) -> Self:
        """Make a member whose value is the stored string."""
        member = str.__new__(cls, value)
        member._value_ = value
        member.label = label
        return member

    @classmethod
    def of_label(cls, label: str) -> Self | None:
        """Return the member with this Chinese label, or None."""
        return next((each for each in cls if each.label == label), None)
