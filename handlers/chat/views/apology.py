"""What is said where our own failure leaves somebody without an answer: never silence."""

from __future__ import annotations

from core.cards import Answer, Card, Line, Tone, said
from handlers.chat.views import choices
from handlers.chat.views.hotlines import HELPDESK_HOURS, HELPDESK_PHONE, HOTLINES


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
