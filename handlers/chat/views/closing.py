"""What the chat says around closing: asking which case."""

from __future__ import annotations

from core.cards import Answer, said
from handlers.chat.views import choices


def number_question() -> Answer:
    """Return the question for the number of the case that is to be closed."""
    return said(
        "請輸入要結案的案件編號，例如 WK00017。不查了，請輸入「取消」。", choices=(choices.CANCEL, choices.MENU)
    )
