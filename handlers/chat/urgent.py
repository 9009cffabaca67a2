"""Signs of danger come before anything else, for anybody, anywhere (CHK-11)."""

from __future__ import annotations

from core.cards import Answer
from handlers.chat.router import Router
from handlers.chat.turn import Turn
from handlers.chat.urgent_signs import Sign, sign_in
from handlers.chat.views import urgent as views

router = Router()


@router.before_all(sign_in)
def call_now(_: Turn, sign: Sign) -> Answer:
    """Say whom to call, one tap to dial; a dialog under way stays where it is."""
    return views.call_now(sign)
