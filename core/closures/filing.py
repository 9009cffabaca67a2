"""What an applicant files: the form, what the ground asks for, and how it is stored."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import ClassVar

from pydantic import ConfigDict, TypeAdapter

from core.closures.facts import Statement
from core.closures.form import ClosureForm
from core.secrets import Sealed, Vault


@dataclass(frozen=True)
class Filing:
    """A closure as it is typed: the form's answers, and what the applicant states."""

    __pydantic_config__: ClassVar[ConfigDict] = ConfigDict(extra="forbid")

    form: ClosureForm = field(default_factory=ClosureForm)
    statement: Statement = field(default_factory=Statement)
    sibling_here: bool | None = None
    """Whether another child of the family is a pupil here (CLOSE-6); None: as far as is known."""


_FILING = TypeAdapter(Filing)


def sealed(vault: Vault, filing: Filing) -> Sealed:
    """Return a filing as it is stored."""
    return vault.seal(_FILING.dump_json(filing).decode())


def opened(vault: Vault, stored: Sealed) -> Filing:
    """Return a stored filing; raises ``ValidationError`` for one of another shape."""
    return _FILING.validate_json(vault.open(stored))
