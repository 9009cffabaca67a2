"""What is not understood gets the nearest guesses, then a person. Never silence, never a dead end."""

from __future__ import annotations

from core.cards import Answer
from handlers.chat.turn import Turn
from handlers.chat.views import fallback as views
from handlers.chat.views import welcome

TWICE = 2


def not_understood(turn: Turn, guesses: tuple[str, ...]) -> Answer:
    """Offer the nearest guesses; the second time in a row, a person; to somebody unheard of, the welcome."""
    turn.dialog.misunderstood += 1
    if turn.is_first:
        return welcome.welcome()
    if turn.dialog.misunderstood >= TWICE:
        return views.still_not_understood()
    return views.not_understood(guesses)
