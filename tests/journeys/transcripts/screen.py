"""What a phone and a mailbox show, as lines of text: what is read, then what can be tapped.

Only what stands in LINE's own JSON is drawn. Codes and addresses are new each time: they stand
as 〈驗證碼〉 and 〈網址〉.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import groupby
from urllib.parse import urlsplit

from bot.simulator.jsons import Json, JsonValue, list_at, object_at, objects_in, text_at
from bot.simulator.mailbox import StoredMail
from bot.simulator.world import ChatMessage

CODE = re.compile(r"(?<![0-9A-Z])[0-9]{8}(?![0-9])")
_URL = re.compile(r"https?://127\.0\.0\.1:[0-9]+(/[^\s?？]*)?(\?\S*)?")
_SECRET = re.compile(r"(?<=/)[A-Za-z0-9_.~-]{20,}")
_TYPED = re.compile("^(「[^」]+」)　")
WAYS = {"reply": "回覆", "push": "推播", "multicast": "推播"}


def shown(text: str) -> str:
    """Return a text without what is new each time."""
    return CODE.sub("〈驗證碼〉", _URL.sub(lambda found: f"〈網址〉{_SECRET.sub('…', found[1] or '')}", text))


def of_phone(name: str, messages: list[ChatMessage]) -> Iterator[str]:
    """Yield what came to somebody's phone: a head a message, its content, and the choices under the last of a batch."""
    for message in messages:
        sender = text_at(message.json.get("sender"), "name")
        signed = f"，{sender}" if sender else ""
        yield shown(f"〔{WAYS[message.kind]}→{name}{signed}〕{text_at(message.json, 'altText')}".rstrip())
        yield from (f"│ {shown(line)}".rstrip() for line in _message(message.json))
        if choices := _choices(message.json):
            yield f"└ {''.join(choices)}"


def of_mail(mail: StoredMail) -> Iterator[str]:
    """Yield an e-mail."""
    yield shown(f"〔信件→{mail.recipients[0]}〕{mail.subject}")
    text = mail.text.strip().splitlines()
    yield from (f"│ {shown(line)}".rstrip() for line, _ in groupby(text))


def action_words(action: Json) -> str:
    """Return a button: its label, and what it types or opens where that is another word."""
    label, kind = text_at(action, "label"), text_at(action, "type")
    if kind == "uri":
        return f"［{label} → {_place(text_at(action, 'uri'))}］"
    typed = text_at(action, "text") if kind == "message" else text_at(action, "displayText")
    if kind == "clipboard" or typed in {"", label}:
        return f"［{label}］"
    return f"［{label} → {typed}］"


def flex_actions(message: Json) -> list[Json]:
    """Return the buttons that stand on the cards of a message: LINE on a PC has these too."""
    return [action for each in objects_in(object_at(message, "contents")) if (action := _action(each))]


def texts(message: Json) -> str:
    """Return all that is read of a message, labels of buttons left out."""
    return "\n".join(line for line in _message(message) if not line.startswith("［"))


def _message(message: Json) -> Iterator[str]:
    if message.get("type") == "text":
        yield from text_at(message, "text").split("\n")
        return
    contents = message.get("contents")
    cards = list_at(contents, "contents") if text_at(contents, "type") == "carousel" else (contents,)
    for number, card in enumerate(cards, start=1):
        if len(cards) > 1:
            yield f"－－ 第 {number} 張，共 {len(cards)} 張 －－"
        yield from _card(card)


def _card(card: JsonValue) -> Iterator[str]:
    if not isinstance(card, dict):
        return
    header, body, footer = (list_at(card.get(part), "contents") for part in ("header", "body", "footer"))
    yield f"〈{'｜'.join(text_at(each, 'text') for each in header)}〉{''.join(_block(body[0]))}"
    for each in body[1:]:
        yield from _block(each)
    if footer:
        buttons = (each for part in footer for each in (objects_in(part) if isinstance(part, dict) else ()))
        yield "".join(action_words(action) for each in buttons if (action := _action(each)))


def _block(block: JsonValue) -> Iterator[str]:
    """Yield the lines of one component; what stands side by side, or in one button, is one line."""
    if text_at(block, "type") == "separator":
        yield "－－－"
    elif text_at(block, "type") == "text":
        yield from text_at(block, "text").split("\n")
    elif text_at(block, "type") == "box":
        parts = list_at(block, "contents")
        if any(_action(each) for each in parts):
            yield from (line for each in parts for line in _block(each))
        else:
            yield from _one_line(block)


def _one_line(box: JsonValue) -> Iterator[str]:
    """Yield a box as one line, whichever way it is laid out."""
    told = [text for each in list_at(box, "contents") for text in _block(each)]
    action = _action(box)
    line = "　".join([*told, *([action_words(action)] if action else [])])
    yield from [_TYPED.sub(r"\1", line)] if told else []


def _choices(message: Json) -> list[str]:
    items = list_at(message.get("quickReply"), "items")
    return [action_words(action) for item in items if (action := _action(item))]


def _action(owner: JsonValue) -> Json:
    return object_at(owner, "action")


def _place(uri: str) -> str:
    parts = urlsplit(uri)
    return _SECRET.sub("…", parts.path) if parts.scheme in {"http", "https"} else uri
