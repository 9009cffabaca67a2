"""What is said where our own failure leaves somebody without an answer: never silence."""

from __future__ import annotations

from core.cards import Answer, Card, Line, Tone, said
from core.helpdesk.words import HELPDESK_HOURS, HELPDESK_PHONE, HOTLINES
from handlers.chat.views import choices


def apology() -> Answer:
    """Return that a message could not be handled for good; the way to a person and the hotlines stand in any case."""
    card = Card(
        title="這次沒有處理成功",
        preview="很抱歉，剛才的訊息沒有處理成功。",
        tone=Tone.SOON,
        blocks=(
            Line(text="很抱歉，系統處理您剛才的訊息時發生錯誤，維護人員會查看。", strong=True),
            Line(text="請再試一次；還是不行，請洽系統客服。"),
            Line(text=f"系統客服 {HELPDESK_PHONE}（{HELPDESK_HOURS}）", quiet=True),
            Line(text=HOTLINES, quiet=True),
        ),
        actions=(choices.MENU,),
    )
    return said(card, choices=(choices.PERSON, choices.MENU))


def still_working() -> Answer:
    """Return that a message has come and its answer takes longer; the answer follows by itself."""
    text = "您的訊息收到了，系統還在處理，完成後會傳給您。5 分鐘內沒收到，請再傳一次；急事請撥 110 或 113。"
    return said(text, choices=(choices.MENU, choices.PERSON))


def too_fast() -> Answer:
    """Return that too much was sent within a minute, what becomes of the rest, and when it goes on (A11)."""
    text = "訊息太多了，這一分鐘內後面的訊息不會處理。請等一分鐘，再傳最後要做的那一件；"
    return said(f"{text}急事請直接撥打 110 或 113，需要有人談談請撥 1925。", choices=(choices.MENU,))
