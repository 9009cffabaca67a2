"""Signs of danger: whom to call now, one tap to dial, before anything else (CHK-11)."""

from __future__ import annotations

from core.cards import Answer, Card, Line, Tone, said
from handlers.chat.urgent_signs import Sign
from handlers.chat.views.hotlines import dial_ambulance, dial_comfort, dial_police, dial_protection

_FIRST = {
    Sign.SUICIDE: "有人想傷害自己或有立即危險，請現在撥打 110 或 119；需要有人談談，請撥 1925 安心專線。",
    Sign.VIOLENCE: "有人正受到暴力或威脅，請現在撥打 110；兒少保護、家暴與性侵害，請撥 113。",
    Sign.INJURY: "有人受傷，請現在撥打 119；若與虐待或暴力有關，請再撥 113。",
    Sign.LOST: "孩子或家人走失，請現在撥打 110，不必等 24 小時；涉及兒少保護，請再撥 113。",
}
_MOST_URGENT = {
    Sign.SUICIDE: dial_comfort,
    Sign.VIOLENCE: dial_police,
    Sign.INJURY: dial_ambulance,
    Sign.LOST: dial_police,
}
_DIALS = (dial_police, dial_protection, dial_comfort, dial_ambulance)


def call_now(sign: Sign) -> Answer:
    """Return the card that dials: the most fitting number first in sight."""
    first = _MOST_URGENT[sign]
    others = (dial for dial in _DIALS if dial is not first)
    card = Card(
        title="緊急狀況請先撥電話",
        preview="緊急狀況請先撥打 110、113 或 1925。",
        tone=Tone.URGENT,
        blocks=(
            Line(text=_FIRST[sign], strong=True),
            Line(text="這裡是自動回覆，無法替您報案。電話 24 小時有人接聽。"),
            Line(text="只是要查資料，請輸入「選單」。", quiet=True),
        ),
        actions=(first(primary=True), *(dial() for dial in others)),
    )
    return said(card)
