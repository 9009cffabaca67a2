"""One question that staff ask often, as its answer is drawn from.

``{…}`` in a line stands for a number of a rule or of policy, so that an answer never says another number than the core
reckons with. No answer knows a person or a case: everybody may read them.
"""

from __future__ import annotations

from dataclasses import dataclass

from core.cards import Say
from core.helpdesk.models import HelpKind
from handlers.chat.understanding.intents import Intent

BUREAU = "(02)2960-3456"
CENTER = "(02)2950-6801"


@dataclass(frozen=True)
class Topic:
    """One question: how it is typed, asked and answered."""

    intent: Intent
    title: str
    lines: tuple[str, ...]
    """The first is the answer in short, the others say more."""
    rules: str
    """Their numbers; empty where it is about LINE, of which no rule says anything."""
    kind: HelpKind
    """What a person is asked about who is to say more."""
    next: tuple[Say, ...] = ()
    also: tuple[str, ...] = ()
    """Other words that lead here."""
    with_hotlines: bool = False
    """It touches on danger: the hotlines stand below, quietly."""

    @property
    def word(self) -> str:
        """Return the word that is typed for it."""
        return self.intent.word
