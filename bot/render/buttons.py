"""The buttons under a card: the first choice over the whole width, short ones two by two, none alone in half a row."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from bot.render.actions import button, is_primary
from bot.render.filled import Filled
from bot.render.pieces import EDGE, Component, box
from bot.render.tones import WHITE
from core.cards import Action
from core.wording import columns

SHORT = 12  # columns of a typewriter: six characters fill half a card, and shrink at the largest text size


def footer(actions: Sequence[Action], filled: Filled, units: int) -> Component:
    """Return the buttons as the foot of a bubble, in their order."""
    rows = [_row(row, filled, units) for row in _rows(actions)]
    edges: Component = {"paddingTop": "none", "paddingStart": EDGE, "paddingEnd": EDGE, "paddingBottom": EDGE}
    return box("vertical", rows, spacing="sm", backgroundColor=WHITE, **edges)


def _row(row: Sequence[Action], filled: Filled, units: int) -> Component:
    buttons = [button(each, filled, units) for each in row]
    return buttons[0] if len(buttons) == 1 else box("horizontal", list(buttons), spacing="sm")


def _rows(actions: Sequence[Action]) -> Iterator[Sequence[Action]]:
    """Yield the rows: neighbours that are short and no first choice by twos; of an odd number the first is alone."""
    waiting: list[Action] = []
    for action in actions:
        if is_primary(action) or columns(action.label) > SHORT:
            yield from _by_twos(waiting)
            waiting = []
            yield (action,)
        else:
            waiting.append(action)
    yield from _by_twos(waiting)


def _by_twos(actions: Sequence[Action]) -> Iterator[Sequence[Action]]:
    odd = len(actions) % 2
    if odd:
        yield actions[:1]
    for start in range(odd, len(actions), 2):
        yield actions[start : start + 2]
