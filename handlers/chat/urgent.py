"""Signs of danger come before anything else, for anybody, anywhere (CHK-11)."""

from __future__ import annotations

from core.cards import Answer
from core.checks.urgent import report_urgent
from handlers.chat.router import Router
from handlers.chat.turn import Turn
from handlers.chat.urgent_signs import Sign, sign_in
from handlers.chat.views import urgent as views

router = Router()


@router.before_all(sign_in)
def call_now(turn: Turn, sign: Sign) -> Answer:
    """Say whom to call, one tap to dial, and tell the Center; a dialog under way stays where it is."""
    report_urgent(turn.ctx, turn.ctx.door.label)
    return views.call_now(sign)
