"""What the chat says around closing: asking which case, and that one is not open."""

from __future__ import annotations

from core.cards import Answer, Text, said
from handlers.chat.views import choices


def number_question() -> Answer:
    """Return the question for the number of the case that is to be closed."""
    return said(
        "請輸入要結案的案件編號，例如 WK00017。不查了，請輸入「取消」。", choices=(choices.CANCEL, choices.MENU)
    )


def nothing_open(case: Answer) -> Answer:
    """Return how a case stands whose closing was asked for though no service of it is open."""
    told = Text(text="這個案件在您的單位目前沒有開案中的服務，沒有可以結案的。它目前的情形如下。")
    return case.model_copy(update={"messages": (told, *case.messages)})
