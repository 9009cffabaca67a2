"""What is said of how a deadline is reckoned: 怎麼算的, step by step. Pure."""

from __future__ import annotations

from core.cards import Answer, Card, Line, Row, Rule, Step, said
from core.choices import HOME
from core.duties.explain import Counting, Working
from core.duties.notices import ENDS

_OVER = "這件已經結束，不必再處理。"

_RULE_ON_DAYS_OFF = {
    Counting.HOURS: "夜間與假日照算。",
    Counting.DAYS: "假日照算，最後一天遇到假日也不順延。",
}


def working_answer(working: Working, number: str = "") -> Answer:
    """Return the working of one deadline, step by step, with the number of its rule.

    ``number`` says which case, check or account it is about, where it does not stand beside the card already.
    """
    about = "帳號" if working.kind in ENDS else "編號"
    card = Card(
        title=f"{working.kind.label}的期限",
        preview="這是期限的計算過程。",
        blocks=(
            *((Row(label=about, value=number),) if number else ()),
            *(Step(label=step.label, value=step.value) for step in working.steps),
            Rule(),
            *_on_days_off(working),
            *((Line(text=_OVER, strong=True),) if working.is_ended else ()),
            Line(text=f"依據：規則 {working.rule}", quiet=True),
        ),
    )
    return said(card, choices=HOME)


def _on_days_off(working: Working) -> tuple[Line, ...]:
    if working.counting not in _RULE_ON_DAYS_OFF:
        return ()
    rule = _RULE_ON_DAYS_OFF[working.counting]
    listed = "、".join(f"{off.day.month}/{off.day.day} {off.why}" for off in working.days_off)
    return (Line(text=f"{rule}期間的假日：{listed}。" if listed else rule),)
