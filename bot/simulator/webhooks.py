"""Posting events to the bot: signed raw bytes, in order, at most as long as LINE waits, with what came of it kept.

In the background (the demo) one thread posts and another posts again what was not answered with 2xx; without
background (most tests) posting happens in the caller's thread, and only ``redeliver`` posts again.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from queue import Queue
from threading import Thread
from urllib.parse import urlsplit

import urllib3

from bot.simulator.jsons import Json, dump, text_at
from bot.simulator.tokens import ReplyTokens
from bot.simulator.world import World
from core.errors import SetupError

LOOPBACK = frozenset({"127.0.0.1", "localhost", "::1"})
REDELIVERY_WAITS = (1.0, 5.0, 15.0)  # seconds before each further try; LINE does not say its own


def sign(secret: str, body: bytes) -> str:
    """Return ``x-line-signature`` of a body: base64 of its HMAC-SHA256 under the channel secret."""
    return base64.b64encode(hmac.new(secret.encode(), body, hashlib.sha256).digest()).decode()


def on_this_machine(url: str) -> str:
    """Return the address if it is one of this machine; raises ``SetupError`` when it leads anywhere else."""
    parts = urlsplit(url)
    if parts.scheme != "http" or parts.hostname not in LOOPBACK:
        raise SetupError("the simulator posts webhooks to this machine only: use http://127.0.0.1:PORT/...")
    return url


@dataclass(frozen=True)
class Posted:
    """One try to post: its events, when, and the status (0: no answer) with the reason."""

    event_ids: tuple[str, ...]
    at: datetime
    status: int
    reason: str = ""

    @property
    def is_taken(self) -> bool:
        """Return whether the bot answered 2xx."""
        return self.status // 100 == 2  # noqa: PLR2004  the class of successful statuses


@dataclass(frozen=True)
class Target:
    """Where webhooks go: the bot's address, the channel secret they are signed with, seconds until LINE gives up."""

    url: str
    secret: str
    destination: str
    timeout: float = 2.0


@dataclass
class Webhooks:
    """The way from the platform to the bot."""

    world: World
    target: Target
    tokens: ReplyTokens
    waits: Sequence[float] = REDELIVERY_WAITS
    redelivery: bool = False
    """Whether the platform posts again what was not taken; in LINE too this is off until switched on."""
    twice: bool = False
    """Whether every webhook comes twice, as LINE says it may."""
    events: dict[str, Json] = field(default_factory=dict)
    posted: list[Posted] = field(default_factory=list)
    _http: urllib3.PoolManager = field(default_factory=lambda: urllib3.PoolManager(retries=False))
    _queues: tuple[Queue[list[Json] | None], ...] = ()
    _threads: tuple[Thread, ...] = ()

    def __post_init__(self) -> None:
        """Refuse an address that is not on this machine."""
        on_this_machine(self.target.url)

    def aim(self, url: str) -> None:
        """Post to another address from now on; raises ``SetupError`` when it is not on this machine."""
        self.target = Target(on_this_machine(url), self.target.secret, self.target.destination, self.target.timeout)

    def start(self) -> None:
        """Post in the background from now on."""
        self._queues = (Queue(), Queue())
        works = (self._post_all, self._post_again_all)
        names = ("webhooks", "webhooks-again")
        self._threads = tuple(
            Thread(target=work, name=f"simulator-{name}", daemon=True) for work, name in zip(works, names, strict=True)
        )
        for thread in self._threads:
            thread.start()

    def stop(self) -> None:
        """Stop the threads and close the connections; what is still queued is dropped."""
        for queue in self._queues:
            queue.put(None)
        for thread in self._threads:
            thread.join()
        self._queues, self._threads = (), ()
        self._http.clear()

    def settle(self) -> None:
        """Wait until everything queued was posted once."""
        if self._queues:
            self._queues[0].join()

    def finish(self) -> None:
        """Wait until everything queued was posted, and posted again as often as it may be."""
        for queue in self._queues:
            queue.join()

    def send(self, events: list[Json]) -> None:
        """Post these events as one webhook, now or in the background; the caller does not hold the lock."""
        for event in events:
            self.events[text_at(event, "webhookEventId")] = event
        for _ in range(2 if self.twice else 1):
            if self._queues:
                self._queues[0].put(events)
            else:
                self.post(events)

    def post(self, events: list[Json]) -> Posted:
        """Post one webhook and keep what came of it. An empty list is what LINE's *Verify* button posts."""
        body = dump({"destination": self.target.destination, "events": events})
        status, reason = self._answer(body)
        ids = tuple(text_at(event, "webhookEventId") for event in events)
        with self.world.change() as now:
            posted = Posted(ids, now, status, reason)
            self.posted.append(posted)
        return posted

    def _answer(self, body: bytes) -> tuple[int, str]:
        headers = {
            "Content-Type": "application/json; charset=utf-8",
            "User-Agent": "LineBotWebhook/2.0",
            "x-line-signature": sign(self.target.secret, body),
        }
        try:
            answer = self._http.request(
                "POST", self.target.url, body=body, headers=headers, redirect=False,
                timeout=urllib3.Timeout(connect=self.target.timeout, read=self.target.timeout),
            )  # fmt: skip
        except urllib3.exceptions.TimeoutError:
            return 0, "request_timeout"
        except urllib3.exceptions.HTTPError:
            return 0, "could_not_connect"
        return answer.status, "" if answer.status // 100 == 2 else "error_status_code"  # noqa: PLR2004

    def send_again(self, event: Json) -> None:
        """Post one event as a redelivery, now or in the background."""
        events = self._again([event])
        if self._queues:
            self._queues[0].put(events)
        else:
            self.post(events)

    def _again(self, events: list[Json]) -> list[Json]:
        """Return events as a redelivery carries them; their reply tokens live for another minute if they may."""
        with self.world.change() as now:
            for event in events:
                self.tokens.renew(reply_token_of(event), now)
        return [{**event, "deliveryContext": {"isRedelivery": True}} for event in events]

    def _post_all(self) -> None:
        queue, later = self._queues
        while (events := queue.get()) is not None and not self.world.stopping.is_set():
            if not self.post(events).is_taken and self.redelivery:
                later.put(events)
            queue.task_done()

    def _post_again_all(self) -> None:
        queue = self._queues[1]
        while (events := queue.get()) is not None:
            for wait in self.waits:
                if self.world.stopping.wait(wait) or self.post(self._again(events)).is_taken:
                    break
            queue.task_done()

    def failures(self) -> list[Posted]:
        """Return the tries that were not answered with 2xx."""
        return [each for each in self.posted if not each.is_taken]


def reply_token_of(event: Json) -> str:
    """Return the event's reply token, or an empty text."""
    return text_at(event, "replyToken")
