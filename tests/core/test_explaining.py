"""Every decision that explains itself names its question, its rules in order, and draws as one card."""

from __future__ import annotations

from core.cards import Card, Line, Step
from core.decision_words import decision_answer
from core.explaining import Decision, DecisionStep, Question

STEPS = (DecisionStep("派案日", "115/03/01（日）", "REPLY-1"), DecisionStep("目前", "退件", "REPLY-11"),
         DecisionStep("回覆期限", "115/03/11（三）", "REPLY-1"), DecisionStep("所以", "退件", "REPLY-2"))  # fmt: skip
DECISION = Decision(Question.DISPATCH_BUCKET, "REPLY-2", STEPS, "被退件")


def test_the_rules_are_named_once_and_the_deciding_one_last() -> None:
    assert DECISION.rules == ("REPLY-1", "REPLY-11", "REPLY-2")
    assert Decision(Question.LIGHT, "REC-7", (), "R").rules == ("REC-7",)


def test_the_card_has_each_step_the_result_and_the_rules() -> None:
    (card,) = decision_answer(DECISION).messages
    assert isinstance(card, Card)
    assert card.title == "派案的歸類"
    assert [(each.label, each.value) for each in card.blocks if isinstance(each, Step)] == [
        (step.label, step.value) for step in STEPS
    ]
    lines = [each.text for each in card.blocks if isinstance(each, Line)]
    assert lines == ["結果：被退件", "依據：規則 REPLY-1、REPLY-11、REPLY-2"]
