"""Work records as they are stored: typed, as sealed JSON; what does not fit any more is an error, not a guess."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from pydantic import ConfigDict, TypeAdapter

from core.records.form import RecordForm
from core.records.kinds import ProblemType
from core.secrets import Sealed, Vault


@dataclass(frozen=True)
class StoredRecord:
    """A record's answers, and the problem types it carries from the report (REC-5)."""

    __pydantic_config__: ClassVar[ConfigDict] = ConfigDict(extra="forbid")

    form: RecordForm
    problems: tuple[ProblemType, ...] = ()


_RECORD = TypeAdapter(StoredRecord)
_PROBLEMS = TypeAdapter(tuple[ProblemType, ...])


def sealed(vault: Vault, record: StoredRecord) -> Sealed:
    """Return a record as it is stored."""
    return vault.seal(_RECORD.dump_json(record).decode())


def opened(vault: Vault, stored: Sealed) -> StoredRecord:
    """Return a stored record; raises ``ValidationError`` for one of another shape."""
    return _RECORD.validate_json(vault.open(stored))


def sealed_problems(vault: Vault, problems: tuple[ProblemType, ...]) -> Sealed:
    """Return the problem types of a report as they are stored."""
    return vault.seal(_PROBLEMS.dump_json(problems).decode())


def opened_problems(vault: Vault, stored: Sealed) -> tuple[ProblemType, ...]:
    """Return the stored problem types of a report."""
    return _PROBLEMS.validate_json(vault.open(stored))
