"""Decisions explain themselves: what was asked, each step with the number of its rule, and what came out.

One shape for all of them, so that chat, desk and whatever comes later show the same data. Each area fills it in its
``explain.py``. Deadlines have their own (``core/duties/explain.py``): they count days, and say which were off.
"""

from __future__ import annotations

from dataclasses import dataclass

from core.labels import Labelled


class Question(Labelled):
    """What was decided."""

    CHECK_BUCKET = "check_bucket", "檢核單的歸類"
    DISPATCH_BUCKET = "dispatch_bucket", "派案的歸類"
    OPENING = "opening", "開案情形的判斷"
    LIGHT = "light", "案件燈號的判斷"
    CLOSURE_BUCKET = "closure_bucket", "結案進度的歸類"
    CLOSING = "closing", "能否結案的判斷"


@dataclass(frozen=True)
class DecisionStep:
    """One step, as it is read, and the number of its rule."""

    label: str
    value: str
    rule: str


@dataclass(frozen=True)
class Decision:
    """The steps that lead to a result, and the rule that decides."""

    question: Question
    rule: str
    steps: tuple[DecisionStep, ...]
    result: str

    @property
    def rules(self) -> tuple[str, ...]:
        """The numbers of all rules that had a part in it, each once, the deciding one last."""
        named = dict.fromkeys(step.rule for step in self.steps if step.rule != self.rule)
        return (*named, self.rule)
