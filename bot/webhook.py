"""POST /line/webhook: verify the raw bytes, store every event, answer 200. Nothing is handled here.

The door stands before the web application, which takes all other paths: everything anybody says comes through it, and
of what a route of Flask's costs, most was Flask's own.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING

import structlog
from flask import Flask
from sqlalchemy.exc import SQLAlchemyError
from werkzeug.exceptions import HTTPException, RequestEntityTooLarge
from werkzeug.wsgi import get_input_stream

from bot.events import BadWebhook, read_webhook
from bot.metrics import WebhookCounts
from core.context import Core
from core.failpoints import passing
from core.inbox.arriving import IncomingEvent
from core.inbox.gathering import Gathering

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

PATH = "/line/webhook"
MAX_BODY = 1024 * 1024

log = structlog.get_logger(__name__)


class _Answer(Enum):
    """What LINE is told: a status and a few words."""

    TAKEN = "200 OK", b""
    BAD_SIGNATURE = "400 Bad Request", b"bad signature"
    NO_WEBHOOK = "400 Bad Request", b"not a webhook"
    NOT_POSTED = "405 Method Not Allowed", b"only POST"
    TOO_LARGE = "413 Content Too Large", b"too large"
    AGAIN = "503 Service Unavailable", b"try again"


@dataclass(frozen=True)
class WebhookDoor:
    """The door; ``wake`` is called after new events are stored.

    ``channel_secret`` may be several, comma-separated: while LINE's is changed the old one fits as well (A53).
    ``is_ours`` tells by LINE's destination whether a webhook is for this bot; ``counts`` is what metrics show.
    """

    core: Core
    channel_secret: str
    wake: Callable[[], None]
    is_ours: Callable[[str], bool]
    counts: WebhookCounts
    gathering: Gathering

    def receive(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        """Take one webhook, as an application of WSGI's does."""
        with self.counts.seconds.time():
            status, words = self._answer_to(environ).value
        kind = ("Content-Type", "text/plain; charset=utf-8")
        start_response(status, [kind, ("Content-Length", str(len(words))), ("X-Content-Type-Options", "nosniff")])
        return [words]

    def _answer_to(self, environ: WSGIEnvironment) -> _Answer:
        if environ["REQUEST_METHOD"] != "POST":
            return _Answer.NOT_POSTED
        try:
            body = get_input_stream(environ, max_content_length=MAX_BODY).read()
        except HTTPException as error:  # too large, or LINE hung up before all of it came
            is_too_large = isinstance(error, RequestEntityTooLarge)
            return self._refused(error.name, _Answer.TOO_LARGE if is_too_large else _Answer.NO_WEBHOOK)
        if not is_signed(body, environ.get("HTTP_X_LINE_SIGNATURE", ""), self.channel_secret):
            return self._refused("signature", _Answer.BAD_SIGNATURE)
        return self._read(body)

    def _read(self, body: bytes) -> _Answer:
        try:
            read = read_webhook(body, self.core.clock.now())
        except BadWebhook as error:
            return self._refused(str(error), _Answer.NO_WEBHOOK)
        if not self.is_ours(read.destination):
            return self._refused("another bot's", _Answer.TAKEN)
        return self._stored(read.events) if read.events else _Answer.TAKEN

    def _stored(self, events: tuple[IncomingEvent, ...]) -> _Answer:
        try:
            stored = self.gathering.store(events)
        except SQLAlchemyError as error:  # what is not stored is not acknowledged: LINE sends it again (A58)
            return self._refused(type(error).__name__, _Answer.AGAIN)
        passing("webhook.stored")
        for fate, number in stored.fates.items():
            if number:
                self.counts.events.labels(fate).inc(number)
        log.info("webhook.stored", events=len(events), event_ids=stored.numbers, **stored.fates)
        self.wake()
        return _Answer.TAKEN

    def _refused(self, reason: str, answer: _Answer) -> _Answer:
        self.counts.refused.labels(reason).inc()
        log.warning("webhook.refused", reason=reason)
        return answer


def add_webhook(
    app: Flask,
    core: Core,
    channel_secret: str,
    wake: Callable[[], None],
    *,
    is_ours: Callable[[str], bool] = lambda _: True,
    counts: WebhookCounts | None = None,
) -> None:
    """Put the webhook's door before an application; what is given is as ``WebhookDoor`` says."""
    door = WebhookDoor(core, channel_secret, wake, is_ours, counts or WebhookCounts(), Gathering(core))
    app.wsgi_app = _before(app.wsgi_app, door.receive)  # type: ignore[assignment, method-assign]  # as Flask says


def _before(other: WSGIApplication, webhook: WSGIApplication) -> WSGIApplication:
    def application(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        return (webhook if environ["PATH_INFO"] == PATH else other)(environ, start_response)

    return application


def signature_of(body: bytes, channel_secret: str) -> str:
    """Return LINE's signature of a webhook body: HMAC-SHA256 of the raw bytes, base64."""
    return base64.b64encode(hmac.new(channel_secret.encode(), body, hashlib.sha256).digest()).decode()


def is_signed(body: bytes, signature: str, channel_secret: str) -> bool:
    """Return whether a signature fits the raw bytes by the secret, or one of several; an empty secret fits nothing."""
    given = signature.encode(errors="replace")
    secrets = (secret.strip() for secret in channel_secret.split(","))
    return any(hmac.compare_digest(signature_of(body, secret).encode(), given) for secret in secrets if secret)
