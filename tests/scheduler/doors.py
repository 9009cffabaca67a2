"""Doors that note what went through them, and answer as they are told."""

from __future__ import annotations

import json
from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from core.cards import Answer
from core.notices.channel import Done, Fill, Mail, Outcome, Request, Sent, Unsent


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
    meanwhile_drawing: Callable[[], None] = lambda: None
    """Happens before a card is drawn."""
    link_refused: Outcome | None = None
    """Why LINE gives no link token."""

    def draw(self, answer: Answer, fill: Fill) -> tuple[bytes, ...]:
        self.meanwhile_drawing()
        drawn = [message.preview for message in answer.messages]
        if self.undrawable in drawn:
            raise ValueError(self.undrawable)
        if self.broken in drawn:
            raise RuntimeError
        if answer.carries_code():
            drawn.append(fill.code("challenge"))
        if "account_link" in answer.to_json():
            drawn.append(fill.link_url())
        return tuple(json.dumps(each).encode() for each in drawn)

    def reply(self, token: str, messages: Sequence[bytes]) -> bytes:
        return json.dumps([token, [json.loads(each) for each in messages]]).encode()

    def push(self, line_user_ids: Sequence[str], messages: Sequence[bytes]) -> bytes:
        return json.dumps([" ".join(line_user_ids), [json.loads(each) for each in messages]]).encode()

    def post(self, requests: Sequence[Request], done: Done) -> None:
        for each in requests:
            to, messages = json.loads(each.body)
            key = str(each.retry_key) if each.retry_key else ""
            self.said.append(Said(each.via.value, to, json.dumps(messages).encode(), key))
            self.meanwhile()
            done(each, Sent(self.next.popleft() if self.next else Outcome.ACCEPTED, request_id="request"))

    def link_token(self, line_user_id: str) -> str:
        if self.link_refused is not None:
            raise Unsent(Sent(self.link_refused, "refused"))
        return f"token-of-{line_user_id}"


@dataclass
class FakeMail:
    """A mail server, remembering every e-mail."""

    said: list[Said] = field(default_factory=list)
    next: deque[Outcome] = field(default_factory=deque)
    feet: list[str] = field(default_factory=list)
    """Why each came by mail, as its foot says."""

    def draw(self, answer: Answer, fill: Fill) -> Mail:
        self.feet.append(fill.why_mail)
        return Mail("subject", answer.messages[0].preview, "")

    def send(self, address: str, mail: Mail, message_id: str) -> Sent:
        self.said.append(Said("mail", address, mail.text.encode(), message_id))
        return Sent(self.next.popleft() if self.next else Outcome.ACCEPTED)
