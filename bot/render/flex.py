"""An answer as LINE messages: texts as text bubbles, cards as Flex bubbles, decks as carousels.

What is drawn always passes ``bot.channels.limits``: contents are cut or spread over several messages until they
fit. Only what a button carries is never changed; too much of that raises ``ValueError``.
"""

from __future__ import annotations

import re

from bot.channels.json_types import Json
from bot.channels.limits import ALT_TEXT_MOST
from bot.channels.measure import cut_utf16
from bot.render.bubbles import bubble
from bot.render.carousels import carousels
from bot.render.filled import Filled
from bot.render.pieces import BLANK, Component, shown
from bot.render.quick import offered, quick_reply
from bot.render.texts import CUT_SHORT, text_parts
from core.cards import MAX_MESSAGES, Answer, Card, Deck, Text
from core.language.service import language_of
from core.notices.channel import Fill

NO_PREVIEW = "您有一則新訊息，請開啟查看。"
SENDER_MOST = 20
NOBODY_NAMED = "客服"
_KEPT_BY_LINE = re.compile("line", re.IGNORECASE)


def draw(answer: Answer, fill: Fill) -> list[Json]:
    """Return the LINE messages of an answer, at most five, choices under the last one.

    Raises ``ValueError`` for an answer of no message or of more than five, and for a button that LINE would
    refuse; raises what ``fill`` raises.
    """
    count = len(answer.messages)
    if not 1 <= count <= MAX_MESSAGES:
        raise ValueError(f"an answer has 1 to {MAX_MESSAGES} messages, this one {count}")
    filled = Filled(fill, language_of(answer))
    drawn: list[Component] = []
    for index, message in enumerate(answer.messages):
        room = MAX_MESSAGES - len(drawn) - (count - index - 1)
        drawn += _parts(message, filled, room)
    if choices := offered(answer):
        drawn[-1]["quickReply"] = quick_reply(choices, filled)
    if answer.sender:
        drawn = [{**each, "sender": {"name": sender_name(answer.sender, filled.say(NOBODY_NAMED))}} for each in drawn]
    return list(drawn)


def sender_name(name: str, nobody: str) -> str:
    """Return a display name as LINE takes it: 20 signs at most, and without the word that LINE keeps for itself."""
    named = _KEPT_BY_LINE.sub("", name).strip()
    return shown(named, SENDER_MOST) if named else nobody


def _parts(message: Text | Card | Deck, filled: Filled, room: int) -> list[Component]:
    """Return one message of the answer as at most ``room`` messages of LINE."""
    match message:
        case Text():
            return [_text(part) for part in text_parts(message.text, room, filled.say(CUT_SHORT))]
        case Card():
            return [_flex(message.preview, bubble(message, filled), filled)]
        case Deck():
            if not message.cards:
                return [_text(cut_utf16(message.preview.strip() or BLANK, units=ALT_TEXT_MOST))]
            return [_flex(message.preview, each, filled) for each in carousels(message.cards, filled, room)]


def _text(text: str) -> Component:
    return {"type": "text", "text": text}


def _flex(preview: str, contents: Component, filled: Filled) -> Component:
    alt = shown(preview if preview.strip() else filled.say(NO_PREVIEW), ALT_TEXT_MOST)
    return {"type": "flex", "altText": alt, "contents": contents}
