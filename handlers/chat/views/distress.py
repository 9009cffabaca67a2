"""What is said first to somebody who cannot go on: whom to talk to, one tap to dial, and that work can wait."""

from __future__ import annotations

from core.cards import Answer, Card, Line, said
from handlers.chat.views import choices
from handlers.chat.views.hotlines import dial_ambulance, dial_comfort, dial_police, dial_protection


def take_care() -> Answer:
    """Return the card with somebody to talk to first."""
    card = Card(
        title="辛苦了，先照顧自己",
        preview="想找人談談，請撥 1925 安心專線，24 小時有人接聽。",
        blocks=(
            Line(text="聽起來真的很不容易。想找人談談，請撥 1925 安心專線，24 小時有人接聽。", strong=True),
            Line(text="有人可能有立即危險，請撥 110 或 119；兒少保護、家暴與性侵害，請撥 113。"),
            Line(text="手上的工作可以請人一起想辦法：輸入「客服」，或告訴您的督導。", quiet=True),
        ),
        actions=(dial_comfort(primary=True), dial_police(), dial_protection(), dial_ambulance()),
    )
    return said(card, choices=(choices.PERSON, choices.MENU))
