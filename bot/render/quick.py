"""Quick replies: what can be tapped under the last message; LINE on a PC shows none of them.

What stands as a button on a card of the same answer is not offered a second time right below it. The buttons of a deck
may be swiped out of sight, so what they do is offered all the same.
"""

from __future__ import annotations

from collections.abc import Sequence

from bot.channels.limits import QUICK_REPLIES_MOST
from bot.channels.limits_actions import TEXT_MOST, Place
from bot.render.actions import line_action
from bot.render.filled import Filled
from bot.render.pieces import Component
from core.cards import Action, Answer, Card, Press, Say


def offered(answer: Answer) -> tuple[Action, ...]:
    """Return the choices of an answer that no button on its single cards stands for."""
    there = {_does(each) for card in answer.messages if isinstance(card, Card) for each in card.actions}
    return tuple(each for each in answer.choices if _does(each) not in there)


def quick_reply(choices: Sequence[Action], filled: Filled) -> Component:
    """Return choices as LINE takes them, no more than it shows."""
    actions = [line_action(each, filled, Place.QUICK_REPLY, TEXT_MOST) for each in choices]
    return {"items": [{"type": "action", "action": each} for each in actions[:QUICK_REPLIES_MOST]]}


def _does(action: Action) -> object:
    """Return what a tap does, however it is called and drawn."""
    match action:
        case Say():
            return action.do, action.text
        case Press():
            return action.do, action.data
        case _:
            return action
