"""Who asks for an account, opened: stored sealed as one, since nothing of it is looked for but by keyed hash."""

from __future__ import annotations

from dataclasses import dataclass

from pydantic import TypeAdapter


@dataclass(frozen=True)
class Applicant:
    """What an administrator decides on, and the account is opened with."""

    name: str
    national_id: str
    email: str
    title: str
    phone: str

    def to_json(self) -> str:
        """Return the stored form."""
        return _APPLICANT.dump_json(self).decode()


_APPLICANT = TypeAdapter(Applicant)


def applicant_from(stored: str) -> Applicant:
    """Return what ``to_json`` stored."""
    return _APPLICANT.validate_json(stored)
