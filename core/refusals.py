"""Refusals as enums: a rule picks a member, the member holds the rule's number, the field and the Chinese sentences.

So decisions stay free of wording, and a sentence stands in one place. Each area has its own in ``refusals.py``.
"""

from __future__ import annotations

from enum import StrEnum
from typing import Self

from core.errors import Broken


class Refusal(StrEnum):
    """One way to break a rule: (value, rule, field, what happened, what to do next)."""

    rule: str
    field: str
    what: str
    remedy: str

    def __new__(cls, value: str, rule: str, field: str, what: str, remedy: str) -> Self:
        """Make a member whose value is the short name."""
        member = str.__new__(cls, value)
        member._value_ = value
        member.rule, member.field, member.what, member.remedy = rule, field, what, remedy
        return member

    def broken(self, **facts: str) -> Broken:
        """Return the broken rule, with ``facts`` put where the sentences name them in braces."""
        return Broken(self.rule, self.field, self.what.format(**facts), self.remedy.format(**facts))
