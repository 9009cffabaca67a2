"""Stickers, pictures and whatever else is no text: kindly says what can be typed."""

from __future__ import annotations

from core.cards import Answer
from handlers.chat.router import Gate, Router
from handlers.chat.turn import OtherSaid, Turn
from handlers.chat.views import fallback as views

router = Router()


@router.on(OtherSaid, gate=Gate.EVERYBODY)
def no_text(_: Turn, said: OtherSaid) -> Answer:
    """Say that only words are understood."""
    return views.only_words(said.kind)
