"""Days of birth: personal data, so sealed like names and national IDs; nothing asks the database for them.

Versions before 0034 wrote them readable, and may still run beside this one (A61). Such a day is the newest word there
is: whoever writes here empties the readable column. It is read first, and sealed by who touches the row, or by the job
(``core/sealing.py``). Once no such version runs any more, the readable column can go.
"""

from __future__ import annotations

from datetime import date

from sqlalchemy import text
from sqlalchemy.orm import Mapped

from core.secrets import Sealed, Vault

READABLE = text("born_on IS NOT NULL")  # of an index that finds what is left to seal without walking the table


class Born:
    """The columns of a person's day of birth."""

    birth_date: Mapped[Sealed | None]
    """``sealed_day``."""
    born_on: Mapped[date | None]
    """Readable; written by versions before 0034 only."""


def birth_of(vault: Vault, row: Born) -> date | None:
    """Return a person's day of birth, whichever version wrote it; None: not known."""
    if row.born_on is not None:
        return row.born_on
    return None if row.birth_date is None else date.fromisoformat(vault.open(row.birth_date))


def seal_birth(vault: Vault, row: Born) -> None:
    """Seal what an older version wrote into this row."""
    if row.born_on is not None:
        keep_birth(vault, row, row.born_on)


def keep_birth(vault: Vault, row: Born, day: date) -> None:
    """Write a person's day of birth."""
    row.birth_date, row.born_on = sealed_day(vault, day), None


def sealed_day(vault: Vault, day: date) -> Sealed:
    """Return a day sealed, as ``2012-05-01``."""
    return vault.seal(day.isoformat())
