"""What a newer version wrote that runs beside this one while a house is brought up to date (A61).

An upgrade goes by two steps: the schema is only added to, and processes are exchanged one by one. Meanwhile a row may
hold a value that this version does not know. It is read as a member by itself, which equals none that is known: lists
and batches with such a row go on. What depends on the meaning (a notice's kind, a duty's, a role) is left to the newer
version by the queries of jobs, which ask for what is known only.
"""

from __future__ import annotations

from enum import StrEnum
from functools import cache

import structlog

from core.labels import Labelled

log = structlog.get_logger(__name__)


@cache
def unknown(kind: type[StrEnum], value: str) -> StrEnum:
    """Return the member that stands for a value which this version does not know; logged when first met.

    It is none of the enum's members, its label is the bare value, and writing it back changes nothing.
    """
    log.warning("value.unknown", enum=kind.__name__)
    member = str.__new__(kind, value)
    member._name_ = member._value_ = value
    if isinstance(member, Labelled):
        member.label = value
    return member
