"""Reading LINE's webhook JSON: tolerant, so that one odd event never costs another one its answer.

LINE adds event types, enum values and properties without notice. Whatever is not understood is kept as it came and
needs no answer; only a body that is not JSON at all, or not an object with a list of events, is refused.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

from core.inbox.arriving import IncomingEvent
from handlers.chat.turn import (
    AccountLinked,
    ChatEvent,
    Followed,
    OtherSaid,
    Pressed,
    TextSaid,
    Unfollowed,
    Unsent,
)
from handlers.chat.urgent_signs import sign_in
from handlers.chat.words import normal

LONGEST_KIND = 40
LONGEST_ID = 64


class BadWebhook(ValueError):
    """The body is not a webhook of LINE."""


@dataclass(frozen=True)
class Webhook:
    """One webhook: for which bot, and its events in their order."""

    destination: str
    """The user id of the bot it is for; empty where it names none."""
    events: tuple[IncomingEvent, ...]


@dataclass(frozen=True)
class ReadEvent:
    """A stored event as the chat takes it."""

    event: ChatEvent
    reply_token: str
    in_group: bool


def read_webhook(raw: bytes, received_at: datetime) -> Webhook:
    """Return what a webhook body holds; raises ``BadWebhook``."""
    try:
        body = json.loads(raw)
    except (ValueError, RecursionError) as error:
        raise BadWebhook("not JSON") from error
    events = body.get("events") if isinstance(body, dict) else None
    if not isinstance(events, list):
        raise BadWebhook("no list of events")
    incoming = tuple(_incoming(event, received_at) for event in events if isinstance(event, dict))
    return Webhook(_name(body, "destination"), incoming)


def read_event(stored: str) -> ReadEvent:
    """Return a stored event as the chat takes it."""
    raw = json.loads(stored)
    source = _object(raw, "source")
    return ReadEvent(_chat_event(raw), _text(raw, "replyToken"), source.get("type") in ("group", "room"))


def is_message(stored: str, message_id: str) -> bool:
    """Return whether a stored event is the message of this id."""
    return bool(message_id) and _text(_object(json.loads(stored), "message"), "id") == message_id


def is_urgent(stored: str) -> bool:
    """Return whether a stored event is a text with a sign of danger (CHK-11)."""
    event = read_event(stored).event
    return isinstance(event, TextSaid) and sign_in(normal(event.text, most=len(event.text))) is not None


def takes_back(stored: str, message_id: str) -> bool:
    """Return whether a stored event takes back the message of this id."""
    return bool(message_id) and _text(_object(json.loads(stored), "unsend"), "messageId") == message_id


def _incoming(raw: Mapping[str, object], received_at: datetime) -> IncomingEvent:
    body = json.dumps(raw)  # escaped: half a surrogate pair cannot be stored as UTF-8
    kind, line_user = _name(raw, "type") or "unknown", _name(_object(raw, "source"), "userId")
    is_active = raw.get("mode", "active") == "active"
    return IncomingEvent(
        webhook_event_id=_event_id(raw, body),
        kind=kind[:LONGEST_KIND],
        body=body,
        line_user=line_user or None,
        happened_at=_moment(raw.get("timestamp"), received_at),
        to_handle=is_active and kind in _READERS and bool(line_user) and not _is_turned_menu(raw),
        is_urgent=is_urgent,
    )


def _is_turned_menu(raw: Mapping[str, object]) -> bool:
    """Return whether somebody only turned to another tab of their menu: LINE shows it, and there is nothing to say."""
    return "newRichMenuAliasId" in _object(_object(raw, "postback"), "params")


def _event_id(raw: Mapping[str, object], body: str) -> str:
    """Return LINE's id of the event; one without (or with an odd one) is known by the hash of its content."""
    return _name(raw, "webhookEventId") or hashlib.sha256(body.encode()).hexdigest()


def _moment(milliseconds: object, otherwise: datetime) -> datetime:
    if not isinstance(milliseconds, int) or isinstance(milliseconds, bool):
        return otherwise
    try:
        return datetime.fromtimestamp(milliseconds / 1000, UTC)
    except (ValueError, OverflowError, OSError):
        return otherwise


def _chat_event(raw: Mapping[str, object]) -> ChatEvent:
    kind = _text(raw, "type")
    read = _READERS.get(kind)
    return read(raw) if read else OtherSaid(kind)


def _message(raw: Mapping[str, object]) -> ChatEvent:
    message = _object(raw, "message")
    known = {"message_id": _name(message, "id"), "read_token": _text(message, "markAsReadToken")}
    if message.get("type") == "text":
        return TextSaid(_text(message, "text"), **known)
    return OtherSaid(_text(message, "type"), _in_words(message), **known)


def _in_words(message: Mapping[str, object]) -> str:
    """Return what a message that is no text says in words: a file's name, a sticker's keywords, a place."""
    keywords = message.get("keywords")
    if isinstance(keywords, list):
        return "、".join(each for each in keywords if isinstance(each, str))
    place = (_text(message, "title"), _text(message, "address"))
    return _text(message, "fileName") or " ".join(each for each in place if each)


def _postback(raw: Mapping[str, object]) -> ChatEvent:
    postback = _object(raw, "postback")
    picked = _object(postback, "params")
    chosen = next((str(picked[key]) for key in ("date", "datetime", "time") if key in picked), "")
    return Pressed(_text(postback, "data"), chosen)


def _account_link(raw: Mapping[str, object]) -> ChatEvent:
    """Read a link that LINE made; one that failed names nobody, so nobody is told."""
    link = _object(raw, "link")
    return AccountLinked(_text(link, "nonce")) if link.get("result") == "ok" else OtherSaid("accountLink")


def _object(raw: Mapping[str, object], key: str) -> Mapping[str, object]:
    value = raw.get(key)
    return value if isinstance(value, dict) else {}


def _text(raw: Mapping[str, object], key: str) -> str:
    """Return a text; half a surrogate pair becomes the replacement character."""
    value = raw.get(key)
    return value.encode("utf-16", "surrogatepass").decode("utf-16", "replace") if isinstance(value, str) else ""


def _name(raw: Mapping[str, object], key: str) -> str:
    """Return one of LINE's own names or ids; what could not be one is none."""
    value = raw.get(key)
    if not isinstance(value, str) or not value.isascii():
        return ""
    return value if value.isprintable() and len(value) <= LONGEST_ID else ""


_READERS: dict[str, Callable[[Mapping[str, object]], ChatEvent]] = {
    "message": _message,
    "postback": _postback,
    "accountLink": _account_link,
    "follow": lambda raw: Followed(again=_object(raw, "follow").get("isUnblocked") is True),
    "unfollow": lambda _: Unfollowed(),
    "unsend": lambda raw: Unsent(_text(_object(raw, "unsend"), "messageId")),
}
