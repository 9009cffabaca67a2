"""What is said to somebody who asks the helpdesk to call."""

from __future__ import annotations

from core.cards import Answer, Card, Line
from core.helpdesk.words import HELPDESK_HOURS, HELPDESK_PHONE
from handlers.chat.views.hotlines import dial_helpdesk


def will_be_called(taken: Answer) -> Answer:
    """Return what says that a request is taken in, with what a call needs and the number to call at once."""
    card = Card(
        title="想用電話說",
        preview="請寫下電話與方便的時間，客服會看到。",
        blocks=(
            Line(text="請接著寫下您的電話與方便的時間，客服會看到。", strong=True),
            Line(text=f"也可以直接撥 {HELPDESK_PHONE}（{HELPDESK_HOURS}）。"),
        ),
        actions=(dial_helpdesk(primary=True),),
    )
    return taken.model_copy(update={"messages": (*taken.messages, card)})
