"""What the chat says to those who answer at the desk and ask who waits."""

from __future__ import annotations

from collections.abc import Mapping

from core.cards import Answer, Card, Line, OpenPage, said
from core.dates import roc_moment
from core.helpdesk.queries import DeskList, RequestRow
from handlers.chat.views import choices
from handlers.chat.views.desk import at_the_desk


def waiting(counts: Mapping[DeskList, int], first: RequestRow) -> Answer:
    """Return how much waits at the desk, and what is due first; names stay at the desk."""
    card = at_the_desk(counts)
    due = f"，最晚 {roc_moment(first.due_at)} 前要回" if first.due_at else ""
    line = Line(text=f"最先要處理的是提問 {first.number}（{first.kind.label}）{due}。", strong=True)
    return said(card.model_copy(update={"blocks": (line, *card.blocks)}), choices=(choices.MENU,))


def nobody_waits() -> Answer:
    """Return that nothing unsolved is at the desk, and the way there."""
    card = Card(
        title="目前沒有人在等",
        preview="客服提問都處理完了，目前沒有人在等。",
        blocks=(Line(text="客服提問都處理完了，目前沒有要回覆的。"),),
        actions=(OpenPage(label="到管理台看看", path="/desk/help"),),
    )
    return said(card, choices=(choices.MENU,))
