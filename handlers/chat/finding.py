"""Which route answers a turn: the order in which a text, a button and an event are looked at.

Signs of danger come before everything. Then 取消 and 選單 leave any dialog; a dialog's step takes what it accepts; then
words, texts with an argument, and what comes last is that nothing fits.
"""

from __future__ import annotations

from dataclasses import astuple, dataclass

from core.buttons import ButtonData, unpack
from core.errors import InvalidInput
from handlers.chat.english import in_chinese
from handlers.chat.features import ROUTER
from handlers.chat.router import Pattern, Route, StepRoute
from handlers.chat.turn import Dialog, Pressed, TextSaid, Turn
from handlers.chat.words import normal, without_courtesy

HIGHEST_ID = 2**31 - 1  # what a database column holds: a greater number in a button was not packed by us


@dataclass(frozen=True)
class Found:
    """A route and what its filter read."""

    route: Route
    value: object


@dataclass(frozen=True)
class NotAccepted:
    """A step is under way and cannot read the text: why, and the step to be asked again."""

    step: StepRoute
    sentence: str


@dataclass(frozen=True)
class NotUnderstood:
    """A text that nothing fits, as it is compared."""

    text: str


@dataclass(frozen=True)
class ButtonGone:
    """A button of an old card or of no card of ours (A29, A31)."""


Finding = Found | NotAccepted | NotUnderstood | ButtonGone


def danger(turn: Turn) -> Found | None:
    """Return the route for a sign of danger, wherever in a text it stands."""
    if ROUTER.first is None or not isinstance(turn.event, TextSaid):
        return None
    return _fit(ROUTER.first, normal(turn.event.text, most=len(turn.event.text)))


def find(turn: Turn) -> Finding:
    """Return what answers this turn; a dialog that the turn leaves is left."""
    if isinstance(turn.event, TextSaid):
        return find_text(turn.event.text, turn.dialog)
    if isinstance(turn.event, Pressed):
        return _of_button(turn.event.data, turn.dialog)
    return Found(ROUTER.events[type(turn.event)], turn.event)


def find_text(text: str, dialog: Dialog) -> Finding:
    """Return what answers a typed text; another word than the dialog's step accepts leaves the dialog."""
    compared, meant = normal(text), in_chinese(text)
    word = ROUTER.words.get(compared) or ROUTER.words.get(normal(meant or ""))
    if word and word.leaves:
        return Found(word.route, None)
    at_step = _of_step(text, dialog)
    if isinstance(at_step, NotAccepted) and meant:
        at_step = _of_step(meant, dialog)
    if isinstance(at_step, Found):
        return at_step
    fits = Found(word.route, None) if word else _of_pattern(normal(meant or text)) or _of_courteous(compared)
    if fits:
        dialog.leave()
        return fits
    return at_step or NotUnderstood(compared)


def _of_courteous(compared: str) -> Found | None:
    """Return what answers a text in which nothing but courtesy stands around what is asked."""
    asked = without_courtesy(compared)
    if asked == compared:
        return None
    word = ROUTER.words.get(asked)
    return Found(word.route, None) if word else _of_pattern(asked)


def _of_step(text: str, dialog: Dialog) -> Found | NotAccepted | None:
    step = under_way(dialog)
    if step is None:
        return None
    try:
        return Found(step.route, step.reads(text))
    except InvalidInput as refused:
        return NotAccepted(step, str(refused))


def under_way(dialog: Dialog) -> StepRoute | None:
    """Return the step somebody stands at; a step that is no more (of an older version) is left."""
    step = ROUTER.steps.get(f"{dialog.name}/{dialog.step}")
    if step is None:
        dialog.leave()
    return step


def _of_pattern(compared: str) -> Found | None:
    return next((found for pattern in ROUTER.patterns if (found := _fit(pattern, compared))), None)


def _fit(pattern: Pattern, compared: str) -> Found | None:
    value = pattern.read(compared)
    return None if value is None else Found(pattern.route, value)


def _of_button(data: str, dialog: Dialog) -> Found | ButtonGone:
    button = unpack(data) if data.isprintable() else None
    step = under_way(dialog)
    if step and type(button) not in step.buttons:
        dialog.leave()
    if button is None or not _holds(button):
        return ButtonGone()
    return Found(ROUTER.buttons[type(button)], button)


def _holds(button: ButtonData) -> bool:
    return all(value <= HIGHEST_ID for value in astuple(button) if isinstance(value, int))
