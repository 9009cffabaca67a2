"""What is not understood gets the nearest guesses, then a person. Never silence, never a dead end."""

from __future__ import annotations

from core.cards import Answer
from handlers.chat.router import Gate, Router
from handlers.chat.turn import Turn
from handlers.chat.views import fallback as views
from handlers.chat.views import welcome

TWICE = 2

router = Router()


@router.says(
    "客服", "真人", "找客服", "找真人", "人工客服", "聯絡客服", "客服電話", "電話", "報修", gate=Gate.EVERYBODY
)
def person(_: Turn) -> Answer:
    """Say how a person is reached."""
    return views.person()


def not_understood(turn: Turn, guesses: tuple[str, ...]) -> Answer:
    """Offer the nearest guesses; the second time in a row, a person; to somebody unheard of, the welcome."""
    turn.dialog.misunderstood += 1
    if turn.is_first and turn.account is None:
        return welcome.welcome()
    if turn.dialog.misunderstood >= TWICE:
        return views.still_not_understood()
    return views.not_understood(guesses)
