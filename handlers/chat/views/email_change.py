"""What the chat says while an e-mail address is changed; no address is ever shown in full (ACC-7)."""

from __future__ import annotations

from core.cards import Answer, Card, Line, Row, said
from handlers.chat.views import choices

ADDRESS_EXPECTED = "這看起來不是電子郵件地址。地址裡有「@」，例如 name@ntpc.gov.tw。"


def address_question(present: str = "") -> Answer:
    """Return the question for the new address; ``present`` is the masked one in use."""
    card = Card(
        title="要改成哪個信箱？",
        preview="請輸入新的電子郵件地址。",
        blocks=(
            *((Row(label="目前", value=present),) if present else ()),
            Line(text="請輸入新的電子郵件地址，我會寄驗證碼到新信箱，證明它是您的。", strong=True),
            Line(text="之後由客服審核，原來的信箱也會收到通知。不改了，請輸入「取消」。"),
        ),
        actions=(choices.CANCEL,),
    )
    return said(card, choices=(choices.CANCEL, choices.MENU))
