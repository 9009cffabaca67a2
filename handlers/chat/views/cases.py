"""What the chat says around a case: asking for its number, and what a number looks like."""

from __future__ import annotations

from collections.abc import Sequence

from core.buttons import ShowCase, ShowFamily
from core.cards import Answer, Card, Line, Press, Row, Say, Tone, said
from core.dispatches.finding import FamilyRow
from core.dispatches.parts import CasePart
from core.duties.notices import due_text, due_tone, due_words
from core.duties.queries import OwedRow
from handlers.chat.views import choices

CASES_AT_MOST = 8
_PRESSING = (Tone.GOOD, Tone.PLAIN, Tone.SOON, Tone.LATE)
NUMBER_EXPECTED = (
    "案件編號是英文字母加數字，例如 WK00017，寫在派案通知與案件列表上。"
    "要用姓名或身分證統號找家庭，請輸入「查」加上姓名（可以只打一部分）或完整的統號。"
)


def number_question() -> Answer:
    """Return the question for a case number."""
    return said("請輸入案件編號，例如 WK00017。不查了，請輸入「取消」。", choices=(choices.CANCEL, choices.MENU))


def name_question() -> Answer:
    """Return how a family's history is asked for."""
    return said(
        "要看哪個家庭的服務歷程？請輸入「查」加上姓名（可以只打一部分），例如「查 王小明」，再按「服務歷程」。",
        choices=(choices.CASE, choices.MENU),
    )


def number_unclear() -> Answer:
    """Return what a case number looks like, for somebody who asked by something else."""
    return said(f"{NUMBER_EXPECTED}\n請輸入「案件」加上編號，例如「案件 WK00017」。")


def which_case(found: Sequence[CasePart]) -> Answer:
    """Ask which of several cases is meant, each by its number and the masked name."""
    card = Card(
        title="是哪一件？",
        preview="您輸入的編號有不只一件，請選一件。",
        blocks=(
            Line(text=f"您的案件裡有 {len(found)} 件符合，請按一件，或輸入完整的編號。", strong=True),
            *(Line(text=f"{each.number} {each.child}") for each in found),
        ),
        actions=tuple(Press(label=each.number, data=ShowCase(each.number).pack(), shown=each.number) for each in found),
    )
    return said(card, choices=(choices.DUTIES, choices.MENU))


def which_of(found: Sequence[FamilyRow], wish: str) -> Answer:
    """Ask which case of the families of a name is meant; what was wished goes with the choice."""
    cases = [(row, number) for row in found for number in row.cases][:CASES_AT_MOST]
    card = Card(
        title="是哪一件？",
        preview="這個姓名有不只一件案件，請選一件。",
        blocks=(
            Line(text=f"這個姓名有 {len(cases)} 件案件，請按一件，或輸入編號。", strong=True),
            *(Line(text=f"{number} {row.child}") for row, number in cases),
        ),
        actions=tuple(Say(label=number, text=f"{number} {wish}".strip()) for _, number in cases),
    )
    return said(card, choices=(choices.DUTIES, choices.MENU))


def with_owed(shown: Answer, rows: Sequence[OwedRow]) -> Answer:
    """Return a case's card that says first what is owed now besides a reply: an overdue record, a returned form.

    ``rows`` come most pressing first; the badge is that one's where the card's own says less.
    """
    card = shown.messages[0]
    if not rows or not isinstance(card, Card):
        return shown
    several = len({row.unit_name for row in rows}) > 1
    owed = tuple(Row(label="現在該做", value=_owed(row, several=several), tone=due_tone(row)) for row in rows)
    is_worse = _PRESSING.index(card.tone) < _PRESSING.index(due_tone(rows[0])) > _PRESSING.index(Tone.PLAIN)
    first = {"badge": due_words(rows[0]), "tone": due_tone(rows[0])} if is_worse else {}
    told = card.model_copy(update={"blocks": (*owed, *card.blocks), **first})
    return shown.model_copy(update={"messages": (told, *shown.messages[1:])})


def _owed(row: OwedRow, *, several: bool) -> str:
    whose = f"{row.unit_name}：" if several else ""
    return f"{whose}{row.kind.label}，期限 {due_text(row)}，{due_words(row)}"


def history_of(family_id: int) -> Press:
    """Return the button that shows a family's service history."""
    return Press(label="服務歷程", data=ShowFamily(family_id, 0).pack(), shown="服務歷程")


def no_such_part() -> Answer:
    """Return that no case of one's own has this in its number, in the same words whatever others have."""
    return said(
        "您最近的案件裡，沒有編號符合的。請輸入完整的編號，例如「案件 WK00017」；或輸入「查」加上姓名。",
        choices=(choices.DUTIES, choices.MENU),
    )
