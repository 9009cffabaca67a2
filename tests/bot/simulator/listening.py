"""A bot that only listens: it takes webhooks over HTTP and remembers them."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from werkzeug.wrappers import Request, Response

from bot.channels.json_types import as_object
from bot.simulator.jsons import Json, list_at, parse
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
