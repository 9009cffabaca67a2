"""The question which of the things that stand on the phone is meant."""

from __future__ import annotations

from collections.abc import Sequence

from core.buttons import unpack
from core.cards import Action, Answer, Card, Line, Press, Say, said
from handlers.chat.seen import Way
from handlers.chat.views import choices

LISTED = 8


def which_one(ways: Sequence[Way]) -> Answer:
    """Ask which one is meant, each with the button that asks the same of it."""
    card = Card(
        title="是哪一件？",
        preview="清單上有不只一件，請選一件。",
        blocks=(Line(text="清單上有不只一件，請按一件，或輸入「第一個」、「第二個」。", strong=True),),
        actions=tuple(_button(each) for each in ways[:LISTED]),
    )
    return said(card, choices=(choices.DUTIES, choices.MENU))


def _button(way: Way) -> Action:
    if unpack(way.does) is None:
        return Say(label=way.label, text=way.does)
    return Press(label=way.label, data=way.does, shown=way.label)
