"""What a request asks for, opened: it is stored sealed, since addresses and reasons are personal."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from pydantic import TypeAdapter

from core.accounts.models import Permission


@dataclass(frozen=True)
class Asked:
    """The facts of one request; those of other kinds stay at their defaults."""

    address: str = ""
    """The new e-mail address."""
    old_address: str = ""
    """The one in use when it was asked, or, once approved, the one that gave way."""
    ends_on: date | None = None
    """The last day when it was asked; once approved, the new last day stands in ``extended_to``."""
    extended_to: date | None = None
    unit: str = ""
    """The unit a request for extension names (ACC-6)."""
    permission: Permission | None = None
    why: str = ""

    def to_json(self) -> str:
        """Return the stored form."""
        return _ASKED.dump_json(self).decode()


SCHOOLS = "教育局/各級學校"
_ASKED = TypeAdapter(Asked)


def unit_named(name: str, *, is_school: bool) -> str:
    """Return the unit as a request for extension names it: for schools the education bureau's group first (ACC-6)."""
    return f"{SCHOOLS}（{name}）" if is_school else name


def asked_from(stored: str) -> Asked:
    """Return what ``to_json`` stored."""
    return _ASKED.validate_json(stored)
