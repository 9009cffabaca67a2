"""What is said where several things were wished in an order: the first is done, the next is one tap away."""

from __future__ import annotations

from collections.abc import Sequence

from core.cards import MAX_MESSAGES, Answer, Say, Text
from handlers.chat.views.fallback import SEVERAL_AT_MOST

CHOICES_AT_MOST = 13  # LINE shows no more


def and_then(first: Answer, commands: Sequence[str]) -> Answer:
    """Return the answer to the first wish with what comes next behind it, to tap or to type."""
    left = tuple(commands[:SEVERAL_AT_MOST])
    named = "、".join(f"「{each}」" for each in left)
    told = Text(text=f"接下來還有{named}。好了就按下面的按鈕，或直接輸入。")
    messages = (*first.messages, told) if len(first.messages) < MAX_MESSAGES else first.messages
    ways = tuple(Say(label=each, text=each) for each in left)
    choices = (*ways, *(each for each in first.choices if each not in ways))[:CHOICES_AT_MOST]
    return first.model_copy(update={"messages": messages, "choices": choices})


def headed(said: Answer, number: str) -> Answer:
    """Return one of several answers to the same question with the number it is about before its first words."""
    first, *more = said.messages
    if not isinstance(first, Text):
        return said  # a card says itself what it is about
    return said.model_copy(update={"messages": (Text(text=f"{number}\n{first.text}"), *more)})
