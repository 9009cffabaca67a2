"""Which handler answers which word, button, event or step of a dialog.

Each feature has a ``Router`` and says in decorators what it answers to; ``Router.of`` joins them. A route is open to
bound accounts only unless its decorator says otherwise: a route whose gate was forgotten is closed.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from enum import Enum
from typing import TypeVar

from core.buttons import ButtonData
from core.cards import Answer
from handlers.chat.dialogs import Step
from handlers.chat.turn import ChatEvent, Turn
from handlers.chat.words import normal

B = TypeVar("B", bound=ButtonData)
E = TypeVar("E", bound=ChatEvent)
T = TypeVar("T")
K = TypeVar("K")
V = TypeVar("V")
Said = Answer | None
P = TypeVar("P", bound=Callable[[Turn], Answer | None])
Valued = Callable[[Turn, T], Answer]
Eventful = Callable[[Turn, E], Said]


class Gate(Enum):
    """Who gets a route's answer."""

    BOUND = "bound"
    """Accounts bound to LINE and usable now; all others get the card that says how to bind."""
    EVERYBODY = "everybody"


@dataclass(frozen=True)
class Route:
    """One handler behind its gate; ``run`` takes what the filter read: a button, an argument, an event."""

    name: str
    gate: Gate
    run: Callable[[Turn, object], Said]


@dataclass(frozen=True)
class Word:
    """A typed word and where it leads; ``title`` is the word by which the feature is offered to people."""

    title: str
    route: Route
    leaves: bool
    """It leaves any dialog, whatever the dialog asks."""


@dataclass(frozen=True)
class Pattern:
    """A route for texts with an argument: ``read`` returns it, or None where a normal text is not of this kind."""

    read: Callable[[str], object]
    route: Route


@dataclass(frozen=True)
class StepRoute:
    """A step of a dialog and the route that goes on from its answer."""

    asks: Callable[[Mapping[str, str]], Answer]
    """Its question once more, from what the dialog has gathered."""
    reads: Callable[[str], object]
    buttons: tuple[type[ButtonData], ...]
    route: Route


class Router:
    """The routes of one feature, or of all."""

    def __init__(self) -> None:
        self.words: dict[str, Word] = {}
        self.buttons: dict[type[ButtonData], Route] = {}
        self.events: dict[type[object], Route] = {}
        self.patterns: list[Pattern] = []
        self.first: Pattern | None = None
        """What is looked for before everything else, wherever it is said."""
        self.steps: dict[str, StepRoute] = {}

    @classmethod
    def of(cls, *features: Router) -> Router:
        """Return the routes of all features; raises ``ValueError`` when two claim the same word, button or event."""
        joined = cls()
        for feature in features:
            joined.words = _joined(joined.words, feature.words)
            joined.buttons = _joined(joined.buttons, feature.buttons)
            joined.events = _joined(joined.events, feature.events)
            joined.steps = _joined(joined.steps, feature.steps)
            joined.patterns += feature.patterns
            joined.first = joined.first or feature.first
        return joined

    def says(self, *words: str, gate: Gate = Gate.BOUND, leaves: bool = False) -> Callable[[P], P]:
        """Answer to these typed words; the first is offered where a guess is made."""

        def keep(handler: P) -> P:
            route = Route(_name(handler), gate, lambda turn, _: handler(turn))
            self.words = _joined(self.words, {normal(word): Word(words[0], route, leaves) for word in words})
            return handler

        return keep

    def listen_in_english(self, words: Mapping[str, Sequence[str]]) -> None:
        """Let English words lead where their Chinese one does; a word that leads somewhere already stays."""
        for chinese, typed in words.items():
            known = self.words.get(normal(chinese))
            if known is not None:
                self.words = {normal(each): known for each in typed} | self.words

    def matches(self, read: Callable[[str], T | None], gate: Gate = Gate.BOUND) -> Callable[[Valued[T]], Valued[T]]:
        """Answer to texts from which ``read`` gets an argument; the first pattern that fits wins."""

        def keep(handler: Valued[T]) -> Valued[T]:
            self.patterns.append(Pattern(read, _valued(handler, gate)))
            return handler

        return keep

    def before_all(self, read: Callable[[str], T | None]) -> Callable[[Valued[T]], Valued[T]]:
        """Answer before everything else to texts, of whatever length, in which ``read`` finds something."""

        def keep(handler: Valued[T]) -> Valued[T]:
            self.first = Pattern(read, _valued(handler, Gate.EVERYBODY))
            return handler

        return keep

    def pressed(self, kind: type[B], gate: Gate = Gate.BOUND) -> Callable[[Valued[B]], Valued[B]]:
        """Answer to this kind of button."""

        def keep(handler: Valued[B]) -> Valued[B]:
            self.buttons = _joined(self.buttons, {kind: _valued(handler, gate)})
            return handler

        return keep

    def on(self, kind: type[E], gate: Gate = Gate.BOUND) -> Callable[[Eventful[E]], Eventful[E]]:
        """Answer to this kind of event; texts and buttons have their own decorators."""

        def keep(handler: Eventful[E]) -> Eventful[E]:
            route: dict[type[object], Route] = {kind: _valued(handler, gate)}
            self.events = _joined(self.events, route)
            return handler

        return keep

    def step(self, step: Step[T], gate: Gate = Gate.BOUND) -> Callable[[Valued[T]], Valued[T]]:
        """Go on from a step of a dialog with what was read from the answer."""

        def keep(handler: Valued[T]) -> Valued[T]:
            route = StepRoute(step.asked_again, step.reads, step.buttons, _valued(handler, gate))
            self.steps = _joined(self.steps, {step.key: route})
            return handler

        return keep


def _joined(one: Mapping[K, V], other: Mapping[K, V]) -> dict[K, V]:
    if twice := one.keys() & other.keys():
        raise ValueError(f"claimed by two handlers: {twice}")
    return {**one, **other}


def _valued(handler: Callable[[Turn, T], Said], gate: Gate) -> Route:
    def run(turn: Turn, value: object) -> Said:
        return handler(turn, value)  # type: ignore[arg-type]  # the filter that made the value stands beside the handler

    return Route(_name(handler), gate, run)


def _name(handler: Callable[..., object]) -> str:
    return f"{handler.__module__.rpartition('.')[2]}.{handler.__name__}"
