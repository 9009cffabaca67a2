"""What LINE accepts as messages: the limits of its reference as tables, checked over the JSON that is sent.

The SDK checks a small part of this; LINE answers the rest with 400, when it is too late. Both the sender and
the simulator ask here. Where LINE ignores a field that does not work (``altUri`` in a quick reply), this is
stricter and says so, because nobody means to send what has no effect. What only LINE can know (whether a
picture's file is small enough, whether a recipient exists) is not checked.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence

from bot.channels.json_types import Json, JsonValue, as_list, as_object
from bot.channels.limits_actions import Place, action_problems
from bot.channels.limits_fields import (
    Count,
    LimitProblem,
    Problems,
    TextLimit,
    count_problems,
    items_of,
    size_problem,
    text_problems,
    url_problems,
)
from bot.channels.limits_flex import container_problems
from bot.channels.limits_templates import template_problems

MESSAGES_MOST = 5
BODY_BYTES = 2 * 1024 * 1024
TEXT_MOST = 5000
ALT_TEXT_MOST = 1500
EMOJIS_MOST = 20
SUBSTITUTIONS_MOST = 100
QUICK_REPLIES_MOST = 13
SENDER_NAME_MOST = 20
PLACE_MOST = 100

TEXT = TextLimit("text", TEXT_MOST, Count.UTF16)
ALT_TEXT = TextLimit("altText", ALT_TEXT_MOST, Count.UTF16)


def problems(messages: Sequence[Json]) -> list[LimitProblem]:
    """Return every limit these messages of one request break; empty means LINE takes their form."""
    return list(_request(messages))


def _request(messages: Sequence[Json]) -> Problems:
    if not 1 <= len(messages) <= MESSAGES_MOST:
        yield LimitProblem("messages", f"size must be between 1 and {MESSAGES_MOST}")
    yield from size_problem(messages, "messages", BODY_BYTES)
    for index, message in enumerate(messages):
        yield from _message(message, f"messages[{index}]")


def _message(value: JsonValue, path: str) -> Problems:
    message = as_object(value)
    kind = message.get("type") if message is not None else None
    if message is None or not isinstance(kind, str) or kind not in _MESSAGES:
        yield LimitProblem(f"{path}.type", f"must be one of {', '.join(sorted(_MESSAGES))}")
        return
    yield from _MESSAGES[kind](message, path)
    if "quickReply" in message:
        yield from _quick_reply(message["quickReply"], f"{path}.quickReply")
    if "sender" in message:
        yield from _sender(message["sender"], f"{path}.sender")


def _text(message: Json, path: str) -> Problems:
    yield from text_problems(message, path, [TEXT])
    if "emojis" in message:
        yield from count_problems(message, path, "emojis", 0, EMOJIS_MOST)


_BRACES = re.compile(r"\{\{|\}\}|\{([^{}]*)\}|[{}]")


def _text_v2(message: Json, path: str) -> Problems:
    yield from text_problems(message, path, [TEXT])
    substitution = as_object(message.get("substitution", {}))
    if substitution is None or len(substitution) > SUBSTITUTIONS_MOST:
        yield LimitProblem(f"{path}.substitution", f"must have at most {SUBSTITUTIONS_MOST} entries")
        return
    text = message.get("text")
    for brace in _BRACES.finditer(text if isinstance(text, str) else ""):
        is_escaped = brace[0] in {"{{", "}}"}
        if not is_escaped and (brace[1] is None or brace[1] not in substitution):
            yield LimitProblem(f"{path}.text", "a brace that is no substitution must be doubled")


def _sticker(message: Json, path: str) -> Problems:
    yield from text_problems(message, path, [TextLimit("packageId", 20), TextLimit("stickerId", 20)])


def _picture(message: Json, path: str) -> Problems:
    yield from url_problems(message, path, "originalContentUrl")
    yield from url_problems(message, path, "previewImageUrl")


def _audio(message: Json, path: str) -> Problems:
    yield from url_problems(message, path, "originalContentUrl")
    yield from _number(message, path, "duration")


def _location(message: Json, path: str) -> Problems:
    yield from text_problems(message, path, [TextLimit("title", PLACE_MOST), TextLimit("address", PLACE_MOST)])
    yield from _number(message, path, "latitude")
    yield from _number(message, path, "longitude")


def _number(owner: Json, path: str, field: str) -> Problems:
    value = owner.get(field)
    if isinstance(value, bool) or not isinstance(value, int | float):
        yield LimitProblem(f"{path}.{field}", "must be a number")


def _template(message: Json, path: str) -> Problems:
    yield from text_problems(message, path, [ALT_TEXT])
    yield from template_problems(message.get("template"), f"{path}.template")


def _flex(message: Json, path: str) -> Problems:
    yield from text_problems(message, path, [ALT_TEXT])
    yield from container_problems(message.get("contents"), f"{path}.contents")


def _quick_reply(value: JsonValue, path: str) -> Problems:
    quick_reply = as_object(value)
    if quick_reply is None or as_list(quick_reply.get("items")) is None:
        yield LimitProblem(f"{path}.items", "must be an array")
        return
    yield from count_problems(quick_reply, path, "items", 1, QUICK_REPLIES_MOST)
    for item, where in items_of(quick_reply, path, "items"):
        button = as_object(item)
        if button is None or button.get("type", "action") != "action":
            yield LimitProblem(where, "must be a quick reply button of type action")
            continue
        yield from url_problems(button, where, "imageUrl", required=False)
        yield from action_problems(button.get("action"), f"{where}.action", Place.QUICK_REPLY)


def _sender(value: JsonValue, path: str) -> Problems:
    sender = as_object(value)
    if sender is None:
        yield LimitProblem(path, "must be an object")
        return
    yield from text_problems(sender, path, [TextLimit("name", SENDER_NAME_MOST, required=False)])
    yield from url_problems(sender, path, "iconUrl", required=False)
    name = sender.get("name")
    if isinstance(name, str) and "line" in name.lower():
        yield LimitProblem(f"{path}.name", "may not contain LINE")


_MESSAGES: Mapping[str, Callable[[Json, str], Problems]] = {
    "text": _text,
    "textV2": _text_v2,
    "sticker": _sticker,
    "image": _picture,
    "video": _picture,
    "audio": _audio,
    "location": _location,
    "template": _template,
    "flex": _flex,
}
