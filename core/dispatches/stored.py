"""Forms as they are stored: typed, as sealed JSON; what does not fit its form any more is an error, not a guess."""

from __future__ import annotations

from typing import TypeVar

from pydantic import TypeAdapter

from core.dispatches.assessment import AssessmentForm
from core.dispatches.reply_form import ReplyForm
from core.secrets import Sealed, Vault

Form = TypeVar("Form", AssessmentForm, ReplyForm)

ASSESSMENT = TypeAdapter(AssessmentForm)
REPLY = TypeAdapter(ReplyForm)


def sealed(vault: Vault, kind: TypeAdapter[Form], form: Form) -> Sealed:
    """Return a form as it is stored."""
    return vault.seal(kind.dump_json(form).decode())


def opened(vault: Vault, kind: TypeAdapter[Form], stored: Sealed) -> Form:
    """Return a stored form; raises ``ValidationError`` for one of another shape."""
    return kind.validate_json(vault.open(stored))
