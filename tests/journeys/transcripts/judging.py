"""What holds for everything that was sent in a transcript: LINE takes it, nothing is lost, and nobody is left alone.

A hint of what comes next stands under every answer: choices or buttons, and the same in words, because LINE on a PC
shows no choices.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

from linebot.v3.messaging import FlexMessage, TextMessage  # type: ignore[import-untyped]

from bot.channels.limits import problems
from bot.simulator.jsons import text_at
from bot.simulator.world import Accepted
from core.cards import Text
from handlers.chat.features import ROUTER
from handlers.chat.views.fallback import not_in_groups
from handlers.chat.words import normal
from tests.journeys.transcripts import screen

MODELS: Mapping[str, type[FlexMessage | TextMessage]] = {"text": TextMessage, "flex": FlexMessage}
WORDS = re.compile("「(.+?)」")
IN_GROUPS = "\n".join(message.text for message in not_in_groups().messages if isinstance(message, Text))


def check_requests(requests: Iterable[Accepted]) -> None:
    """Look at every request the platform accepted."""
    for accepted in requests:
        assert problems(accepted.messages) == []
        for message in accepted.messages:
            assert MODELS[text_at(message, "type")].from_dict(message).to_dict() == message
        check_hint(accepted)


def check_hint(accepted: Accepted) -> None:
    """Pass if what was sent says what can be done next: with choices or buttons, and in words for LINE on a PC."""
    last = accepted.messages[-1]
    if text_at(last.get("sender"), "name"):
        return  # a person speaks
    buttons = [action for message in accepted.messages for action in screen.flex_actions(message)]
    read = "\n".join(screen.texts(message) for message in accepted.messages)
    if read == IN_GROUPS:
        assert "quickReply" not in last, f"offered to a whole group:\n{read}"
        return
    assert "quickReply" in last or buttons, f"nothing can be tapped:\n{read}"
    assert buttons or is_named(read), f"no word to type is named:\n{read}"


def is_named(read: str) -> bool:
    """Return whether a text names a word that can be typed."""
    return any(normal(word) in ROUTER.words for word in WORDS.findall(read)) or "輸入" in read or "再傳" in read
