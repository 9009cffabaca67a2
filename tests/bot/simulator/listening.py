"""The bot's side of the tests: one that takes webhooks and remembers them, and one that calls LINE's endpoints."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from flask.testing import FlaskClient
from werkzeug.test import TestResponse
from werkzeug.wrappers import Request, Response

from bot.channels.json_types import as_object
from bot.simulator.jsons import Json, JsonValue, list_at, parse
from core.clock import TAIPEI

SECRET = "a-channel-secret"
TOKEN = "a-channel-access-token"
MORNING = datetime(2026, 11, 23, 9, 0, tzinfo=TAIPEI)


@dataclass
class ListeningBot:
    """Takes webhooks over HTTP; answers with ``status`` and keeps what came."""

    status: int = 200
    bodies: list[bytes] = field(default_factory=list)
    signatures: list[str] = field(default_factory=list)
    url: str = ""

    def __call__(self, request: Request) -> Response:
        self.bodies.append(request.get_data())
        self.signatures.append(request.headers["x-line-signature"])
        return Response("", self.status)

    @property
    def events(self) -> list[Json]:
        return [as_object(event) or {} for body in self.bodies for event in list_at(parse(body), "events")]


@dataclass(frozen=True)
class LineCaller:
    """Calls LINE's endpoints with the right token."""

    http: FlaskClient

    def post(self, path: str, body: Json, retry_key: str = "") -> TestResponse:
        headers = {"Authorization": f"Bearer {TOKEN}"} | ({"X-Line-Retry-Key": retry_key} if retry_key else {})
        return self.http.post(f"/v2/bot/{path}", json=body, headers=headers)

    def call(self, method: str, path: str, data: bytes = b"", media_type: str = "") -> TestResponse:
        headers = {"Authorization": f"Bearer {TOKEN}"}
        return self.http.open(
            f"/v2/bot/{path}", method=method, data=data, content_type=media_type or None, headers=headers
        )

    def reply(self, token: str, *texts: str, retry_key: str = "") -> TestResponse:
        return self.post("message/reply", {"replyToken": token, "messages": said(*texts)}, retry_key)

    def push(self, to: str, *texts: str, retry_key: str = "") -> TestResponse:
        return self.post("message/push", {"to": to, "messages": said(*texts)}, retry_key)

    def multicast(self, to: list[str], *texts: str, retry_key: str = "") -> TestResponse:
        return self.post("message/multicast", {"to": [*to], "messages": said(*texts)}, retry_key)


def said(*texts: str) -> list[JsonValue]:
    return [{"type": "text", "text": text} for text in texts]
