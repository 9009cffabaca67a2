"""POST /line/webhook: verify the raw bytes, store every event, answer 200. Nothing is handled here."""

from __future__ import annotations

import base64
import hashlib
import hmac
from collections.abc import Callable

import structlog
from flask import Blueprint, request

from bot.events import BadWebhook, read_webhook
from core.access import system
from core.audit import Door
from core.context import Core
from core.inbox import service as inbox

MAX_BODY = 1024 * 1024
ACTOR = system("webhook")

log = structlog.get_logger(__name__)


def signature_of(body: bytes, channel_secret: str) -> str:
    """Return LINE's signature of a webhook body: HMAC-SHA256 of the raw bytes, base64."""
    return base64.b64encode(hmac.new(channel_secret.encode(), body, hashlib.sha256).digest()).decode()


def is_signed(body: bytes, signature: str, channel_secret: str) -> bool:
    """Return whether a signature fits the raw bytes; an empty secret fits nothing."""
    expected = signature_of(body, channel_secret)
    return bool(channel_secret) and hmac.compare_digest(expected.encode(), signature.encode(errors="replace"))


def webhook(core: Core, channel_secret: str, wake: Callable[[], None]) -> Blueprint:
    """Return the webhook's door; ``wake`` is called after new events are stored."""
    door = Blueprint("line", __name__)

    @door.post("/line/webhook")
    def receive() -> tuple[str, int]:
        request.max_content_length = MAX_BODY
        body = request.get_data(cache=False)
        if not is_signed(body, request.headers.get("X-Line-Signature", ""), channel_secret):
            log.warning("webhook.refused", reason="signature")
            return "bad signature", 400
        try:
            events = read_webhook(body, core.clock.now())
        except BadWebhook as error:
            log.warning("webhook.refused", reason=str(error))
            return "not a webhook", 400
        if events:
            with core.transaction(ACTOR, Door.CHAT) as ctx:
                new = inbox.store(ctx, events)
            log.info("webhook.stored", events=len(events), new=new)
            wake()
        return "", 200

    return door
