"""How a decision is shown that explains itself: its steps, what came out, the numbers of its rules. Pure."""

from __future__ import annotations

from core.cards import Answer, Card, Line, Rule, Say, Step, said
from core.explaining import Decision

_DUTIES = Say(label="待辦", text="待辦")
_MENU = Say(label="選單", text="選單")


def decision_answer(decision: Decision) -> Answer:
    """Return how the core came to a decision; what is in the steps is masked already."""
    card = Card(
        title=decision.question.label,
        preview="這是系統判斷的經過。",
        blocks=(
            *(Step(label=step.label, value=step.value) for step in decision.steps),
            Rule(),
            Line(text=f"結果：{decision.result}", strong=True),
            Line(text=f"依據：規則 {'、'.join(decision.rules)}", quiet=True),
        ),
    )
    return said(card, choices=(_DUTIES, _MENU))
