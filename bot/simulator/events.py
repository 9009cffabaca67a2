"""Webhook events as LINE writes them: pure builders for everything a person can cause with a phone."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from bot.simulator.ids import new_event_id, new_token
from bot.simulator.jsons import Json, JsonValue
from bot.simulator.world import ChatMessage, milliseconds


@dataclass(frozen=True)
class Frame:
    """What every event carries: whose it is, when it happened, the token to answer with, the mode of the bot."""

    user_id: str
    at: datetime
    reply_token: str = ""
    mode: str = "active"

    def event(self, kind: str, **fields: JsonValue) -> Json:
        """Return an event of this kind. A bot in standby gets no reply token; a failed link has no source."""
        moment = milliseconds(self.at)
        event: dict[str, JsonValue] = {"type": kind, "mode": self.mode, "timestamp": moment}
        if self.user_id:
            event["source"] = {"type": "user", "userId": self.user_id}
        event["webhookEventId"] = new_event_id(moment)
        event["deliveryContext"] = {"isRedelivery": False}
        if self.reply_token and self.mode == "active":
            event["replyToken"] = self.reply_token
        return {**event, **fields}


def follow(frame: Frame, *, is_unblocked: bool) -> Json:
    """Return the event of adding the account as a friend, or of unblocking it."""
    return frame.event("follow", follow={"isUnblocked": is_unblocked})


def unfollow(frame: Frame) -> Json:
    """Return the event of blocking the account; it cannot be answered."""
    return frame.event("unfollow")


def message(frame: Frame, shown: ChatMessage, *, is_chat: bool) -> Json:
    """Return the event of a message from the phone; with Chat on it carries the token that marks it as read."""
    body: dict[str, JsonValue] = {"id": shown.message_id, **shown.json}
    if shown.quote_token:
        body["quoteToken"] = shown.quote_token
    if is_chat:
        body["markAsReadToken"] = new_token()
    return frame.event("message", message=body)


def postback(frame: Frame, data: str, params: Json | None = None) -> Json:
    """Return the event of a pressed button; ``params`` of a date picker or of a switched rich menu."""
    body: Json = {"data": data, "params": params} if params else {"data": data}
    return frame.event("postback", postback=body)


def unsend(frame: Frame, message_id: str) -> Json:
    """Return the event of taking a message back; it cannot be answered."""
    return frame.event("unsend", unsend={"messageId": message_id})


def account_link(frame: Frame, *, result: str, nonce: str) -> Json:
    """Return the event that ends an account link: ``ok`` or ``failed``."""
    return frame.event("accountLink", link={"result": result, "nonce": nonce})
