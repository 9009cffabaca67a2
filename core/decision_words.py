"""How a decision is shown that explains itself: its steps, what came out, the numbers of its rules. Pure."""

from __future__ import annotations

from core.cards import Answer, Card, Deck, Line, Rule, Step, said
from core.choices import HOME
from core.explaining import Decision

_PREVIEW = "這是系統判斷的經過。"


def decision_answer(*decisions: Decision) -> Answer:
    """Return how the core came to each decision; what is in the steps is masked already."""
    cards = tuple(_card(each) for each in decisions)
    return said(cards[0] if len(cards) == 1 else Deck(preview=_PREVIEW, cards=cards), choices=HOME)


def _card(decision: Decision) -> Card:
    return Card(
        title=decision.question.label,
        preview=_PREVIEW,
        blocks=(
            *(Step(label=step.label, value=step.value) for step in decision.steps),
            Rule(),
            Line(text=f"結果：{decision.result}", strong=True),
            Line(text=f"依據：規則 {'、'.join(decision.rules)}", quiet=True),
        ),
    )
