"""Running a route behind its gate: what the core refuses becomes a card, in this one place."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from typing import TypeVar

from core.accounts.former import has_ended
from core.buttons import ButtonData
from core.cards import Answer
from core.errors import Expired, FrontdoorError, NotAllowed, NotFound
from handlers.chat import duties, menu, seen
from handlers.chat.features import ROUTER
from handlers.chat.finding import Found, under_way
from handlers.chat.router import Gate, Route
from handlers.chat.turn import Turn
from handlers.chat.views import binding
from handlers.chat.views import fallback as views

T = TypeVar("T")
SUBJECT_LENGTH = 120  # of an audit row


def run(turn: Turn, found: Found) -> Answer | None:
    """Return what a route answers, and remember what it was asked for; whoever may not have it is told so."""
    said = attempted(turn, found, lambda: found.route.run(turn, found.value))
    turn.dialog.seen = seen.asked_by(turn.dialog.seen, found.route.name, _word_of(found.route))
    return said


@cache
def _word_of(route: Route) -> str:
    """Return the word that leads to a route; empty where only numbers, names or buttons do."""
    return next((word.title for word in ROUTER.words.values() if word.route == route), "")


def attempted(turn: Turn, found: Found, act: Callable[[], T]) -> T | Answer:
    """Return what an act behind a route's gate returns, or the card of why it is refused."""
    if is_closed(turn, found.route):
        return closed(turn)
    try:
        with turn.ctx.attempt():
            return act()
    except Expired:
        return gone(turn)
    except FrontdoorError as error:
        _note_refusal(turn, found, error)
        step = under_way(turn.dialog)
        return views.refused(error, step.asks(turn.dialog.collected).choices if step else ())


def is_closed(turn: Turn, route: Route) -> bool:
    """Return whether a route is not for who is here."""
    return route.gate is Gate.BOUND and turn.account is None


def closed(turn: Turn) -> Answer:
    """Return what somebody without a usable account gets: the same for every function of an account."""
    turn.dialog.leave()
    ended = has_ended(turn.ctx.session, turn.person, turn.ctx.today)
    return binding.account_ended() if ended else binding.unbound()


def gone(turn: Turn) -> Answer:
    """Return that a button has expired, and the present state (A31)."""
    return views.button_expired(duties.duties(turn) if turn.account else menu.menu(turn))


def _note_refusal(turn: Turn, found: Found, error: FrontdoorError) -> None:
    """Note who asked for what is not there or not theirs (A28): a case by its number, anything else by its button."""
    if isinstance(error, NotFound | NotAllowed):
        about = found.value.pack() if isinstance(found.value, ButtonData) else found.value
        subject = f"{found.route.name} {about}" if isinstance(about, str) else found.route.name
        turn.ctx.note("refused", subject[:SUBJECT_LENGTH])
