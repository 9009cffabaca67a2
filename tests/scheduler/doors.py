"""Doors that note what went through them, and answer as they are told."""

from __future__ import annotations

import json
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from uuid import UUID

from core.cards import Answer
from core.notices.channel import Fill, Mail, Outcome, Sent


@dataclass(frozen=True)
class Said:
    """One request as it went out."""

    via: str
    to: str
    body: bytes
    key: str = ""


@dataclass
class FakeLine:
    """LINE, remembering every request; outcomes are taken from ``next`` and are else accepted."""

    said: list[Said] = field(default_factory=list)
    next: deque[Outcome] = field(default_factory=deque)
    undrawable: str = ""
    broken: str = ""
    """What the drawing of raises something unforeseen."""
    meanwhile: Callable[[], None] = lambda: None
    """Happens while LINE takes its time."""

    def draw(self, answer: Answer, fill: Fill) -> bytes:
        drawn = [message.preview for message in answer.messages]
        if self.undrawable in drawn:
            raise ValueError(self.undrawable)
        if self.broken in drawn:
            raise RuntimeError
        if answer.carries_code():
            drawn.append(fill.code("challenge"))
        return json.dumps(drawn).encode()

    def reply(self, token: str, messages: bytes) -> Sent:
        return self._noted(Said("reply", token, messages))

    def push(self, line_user_id: str, messages: bytes, retry_key: UUID) -> Sent:
        return self._noted(Said("push", line_user_id, messages, str(retry_key)))

    def link_token(self, line_user_id: str) -> str:
        raise ConnectionError(line_user_id)

    def _noted(self, said: Said) -> Sent:
        self.said.append(said)
        self.meanwhile()
        return Sent(self.next.popleft() if self.next else Outcome.ACCEPTED, request_id="request")


@dataclass
class FakeMail:
    """A mail server, remembering every e-mail."""

    said: list[Said] = field(default_factory=list)
    next: deque[Outcome] = field(default_factory=deque)

    def draw(self, answer: Answer, fill: Fill) -> Mail:  # noqa: ARG002 (the door's signature)
        return Mail("subject", answer.messages[0].preview, "")

    def send(self, address: str, mail: Mail, message_id: str) -> Sent:
        self.said.append(Said("mail", address, mail.text.encode(), message_id))
        return Sent(self.next.popleft() if self.next else Outcome.ACCEPTED)
