"""Signs of danger come before anything else, for anybody, anywhere (CHK-11)."""

from __future__ import annotations

from core.cards import Answer
from core.checks.urgent import report_urgent
from handlers.chat.router import Router
from handlers.chat.turn import TextSaid, Turn
from handlers.chat.understanding.folding import fold
from handlers.chat.understanding.intents import Intent
from handlers.chat.urgent_signs import Sign, sign_in
from handlers.chat.views import faq
from handlers.chat.views import urgent as views
from handlers.chat.views.faq_topics import TOPICS

REPORTING = "通報"
_REPORTING = next(topic for topic in TOPICS if topic.intent is Intent.FAQ_REPORT_FORM)

router = Router()


@router.before_all(sign_in)
def call_now(turn: Turn, sign: Sign) -> Answer:
    """Say whom to call, one tap to dial, and tell the Center; a dialog under way stays where it is.

    Who asks besides where it is reported is told that below.
    """
    report_urgent(turn.ctx, turn.ctx.door.label)
    called = views.call_now(sign)
    if not _asks_to_report(turn):
        return called
    how = faq.answered(_REPORTING, turn.ctx.policy)
    return called.model_copy(update={"messages": (*called.messages, *how.messages)})


def _asks_to_report(turn: Turn) -> bool:
    return isinstance(turn.event, TextSaid) and REPORTING in fold(turn.event.text)
