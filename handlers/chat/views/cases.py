"""What the chat says around a case: asking for its number, and what a number looks like."""

from __future__ import annotations

from core.cards import Answer, said
from handlers.chat.views import choices

NUMBER_EXPECTED = (
    "案件編號是英文字母加數字，例如 WK00017，寫在派案通知與案件列表上。"
    "要用姓名或身分證統號找家庭，請輸入「查」加上完整姓名或統號。"
)


def number_question() -> Answer:
    """Return the question for a case number."""
    return said("請輸入案件編號，例如 WK00017。不查了，請輸入「取消」。", choices=(choices.CANCEL, choices.MENU))


def number_unclear() -> Answer:
    """Return what a case number looks like, for somebody who asked by something else."""
    return said(f"{NUMBER_EXPECTED}\n請輸入「案件」加上編號，例如「案件 WK00017」。")
