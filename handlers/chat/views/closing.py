"""What the chat says around closing: asking which case, and that one is not open."""

from __future__ import annotations

from core.buttons import AskClosing
from core.cards import Answer, Card, Line, Press, Text, said
from core.closures.queries import ServiceRow
from core.paging import Page
from handlers.chat.views import choices


def number_question() -> Answer:
    """Return the question for the number of the case that is to be closed."""
    return said(
        "請輸入要結案的案件編號，例如 WK00017。不查了，請輸入「取消」。", choices=(choices.CANCEL, choices.MENU)
    )


def which_case(page: Page[ServiceRow]) -> Answer:
    """Ask which of the open cases is to be closed; where none is open, for a number all the same."""
    if not page.rows:
        question = number_question()
        told = Text(text="您的單位目前沒有處理中的個案，所以沒有要結案的。")
        return question.model_copy(update={"messages": (told, *question.messages)})
    more = "" if page.total == len(page.rows) else f"先列最早派案的 {len(page.rows)} 件；"
    card = Card(
        title="要看哪一件能不能結案？",
        preview="請選要看能不能結案的案件。",
        blocks=(
            Line(text=f"處理中的個案有 {page.total} 件。", strong=True),
            *(Line(text=f"{row.number} {row.child}") for row in page.rows),
            Line(text=f"{more}按一件，或直接輸入案件編號。不查了，請輸入「取消」。", quiet=True),
        ),
        actions=tuple(
            Press(label=row.number, data=AskClosing(row.number).pack(), shown=row.number) for row in page.rows
        ),
    )
    return said(card, choices=(choices.CANCEL, choices.MENU))


def nothing_open(case: Answer) -> Answer:
    """Return how a case stands whose closing was asked for though no service of it is open."""
    told = Text(text="這個案件在您的單位目前沒有開案中的服務，沒有可以結案的。它目前的情形如下。")
    return case.model_copy(update={"messages": (told, *case.messages)})
