"""POST /line/webhook: verify the raw bytes, store every event, answer 200. Nothing is handled here."""

from __future__ import annotations

import base64
import hashlib
import hmac
from collections.abc import Callable

import structlog
from flask import Blueprint, request
from sqlalchemy.exc import SQLAlchemyError

from bot.events import BadWebhook, read_webhook
from bot.metrics import WebhookCounts
from core.context import Core
from core.failpoints import passing
from core.inbox.arriving import IncomingEvent
from core.inbox.gathering import Gathering

MAX_BODY = 1024 * 1024

log = structlog.get_logger(__name__)


def signature_of(body: bytes, channel_secret: str) -> str:
    """Return LINE's signature of a webhook body: HMAC-SHA256 of the raw bytes, base64."""
    return base64.b64encode(hmac.new(channel_secret.encode(), body, hashlib.sha256).digest()).decode()


def is_signed(body: bytes, signature: str, channel_secret: str) -> bool:
    """Return whether a signature fits the raw bytes; an empty secret fits nothing."""
    expected = signature_of(body, channel_secret)
    return bool(channel_secret) and hmac.compare_digest(expected.encode(), signature.encode(errors="replace"))


def webhook(
    core: Core,
    channel_secret: str,
    wake: Callable[[], None],
    *,
    is_ours: Callable[[str], bool] = lambda _: True,
    counts: WebhookCounts | None = None,
) -> Blueprint:
    """Return the webhook's door; ``wake`` is called after new events are stored.

    ``is_ours`` tells by LINE's destination whether a webhook is for this bot; ``counts`` is what metrics show.
    """
    door = Blueprint("line", __name__)
    counted = counts or WebhookCounts()
    gathering = Gathering(core)

    def refused(reason: str) -> None:
        counted.refused.labels(reason).inc()
        log.warning("webhook.refused", reason=reason)

    @door.post("/line/webhook")
    def receive() -> tuple[str, int]:
        request.max_content_length = MAX_BODY
        body = request.get_data(cache=False)
        if not is_signed(body, request.headers.get("X-Line-Signature", ""), channel_secret):
            refused("signature")
            return "bad signature", 400
        try:
            read = read_webhook(body, core.clock.now())
        except BadWebhook as error:
            refused(str(error))
            return "not a webhook", 400
        if not is_ours(read.destination):
            refused("another bot's")
            return "", 200
        if read.events:
            try:
                _store(gathering, read.events, counted)
            except SQLAlchemyError as error:  # what is not stored is not acknowledged: LINE sends it again (A58)
                refused(type(error).__name__)
                return "try again", 503
            wake()
        return "", 200

    return door


def _store(gathering: Gathering, events: tuple[IncomingEvent, ...], counted: WebhookCounts) -> None:
    stored = vars(gathering.store(events))
    passing("webhook.stored")
    for fate, number in stored.items():
        if number:
            counted.events.labels(fate).inc(number)
    log.info("webhook.stored", events=len(events), **stored)
