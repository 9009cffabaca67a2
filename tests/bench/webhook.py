"""Webhooks a second until 200, against a bare Flask route that only parses them with the SDK, under the same server.

Ours checks the signature and stores every event, sealed, before it answers. Each server is a process of its own; who
posts are threads of this one, bounded in number. Also how long the slowest hundredth waits at half of the maximum.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import count
from statistics import median, quantiles
from subprocess import PIPE, Popen
from threading import Event
from time import perf_counter, time

import urllib3

from bot.webhook import signature_of
from core.database import Store
from core.secrets import new_key, new_token
from tests.bench.figures import Figure

SECRET = "channel secret for the bench"
POSTERS, REQUESTS, ROUNDS = 8, 600, 3
PEOPLE = 1000
WAIT = 0.05  # seconds: the slowest hundredth at half of the maximum
SHARE = 0.7  # of the bare route's throughput


def figures(store: Store, _: Store) -> Iterator[Figure]:
    """Yield what a webhook takes against the bare route, and how the slowest wait when half as many come."""
    url, name = store.url.render_as_string(hide_password=False), store.url.get_backend_name()
    with _serving("ours", url) as ours, _serving("bare", url) as bare:
        poster = Poster()
        pairs = [(poster.rate(ours), poster.rate(bare)) for _ in range(ROUNDS + 1)][1:]
        mine, theirs = (median(each) for each in zip(*pairs, strict=True))
        note = f"{mine:,.0f}/s against {theirs:,.0f}/s"
        yield Figure(f"{name}: a webhook stored / parsed by the SDK only", theirs / mine, note, 1 / SHARE)
        slowest = poster.slowest_hundredth(ours, mine / 2)
        note = f"{slowest * 1000:.0f} ms at {mine / 2:,.0f}/s"
        yield Figure(f"{name}: p99 until 200 at half of the maximum / 50 ms", slowest / WAIT, note, 1.0)


@dataclass
class Poster:
    """LINE, as fast as it likes. No event comes twice, and nobody writes so often that it is too often."""

    http: urllib3.PoolManager = field(default_factory=lambda: urllib3.PoolManager(maxsize=POSTERS))
    numbers: Iterator[int] = field(default_factory=count)

    def rate(self, url: str) -> float:
        """Post as fast as it goes; return how many were answered a second."""
        requests = [self._request() for _ in range(REQUESTS)]
        begun = perf_counter()
        with ThreadPoolExecutor(POSTERS) as threads:
            list(threads.map(lambda each: self._post(url, *each), requests))
        return REQUESTS / (perf_counter() - begun)

    def slowest_hundredth(self, url: str, a_second: float) -> float:
        """Post so many a second; return how many seconds the slowest hundredth took at least."""
        begun, never = perf_counter(), Event()

        def post(number: int) -> float:
            never.wait(max(begun + number / a_second - perf_counter(), 0))
            return self._post(url, *self._request())

        with ThreadPoolExecutor(POSTERS) as threads:
            return quantiles(threads.map(post, range(REQUESTS)), n=100)[-1]

    def _request(self) -> tuple[bytes, Mapping[str, str]]:
        number = next(self.numbers)
        body = json.dumps({"destination": "U" + "d" * 32, "events": [_event(number)]}).encode()
        return body, {"X-Line-Signature": signature_of(body, SECRET), "Content-Type": "application/json"}

    def _post(self, url: str, body: bytes, headers: Mapping[str, str]) -> float:
        begun = perf_counter()
        answer = self.http.request("POST", url, body=body, headers=headers, timeout=30)
        assert answer.status == 200, answer.status
        return perf_counter() - begun


def _event(number: int) -> dict[str, object]:
    return {
        "type": "message",
        "mode": "active",
        "webhookEventId": f"01HX{new_token()[:8]}{number:014}",
        "timestamp": round(time() * 1000),
        "source": {"type": "user", "userId": f"U{number % PEOPLE:032x}"},
        "replyToken": f"{number:032x}",
        "deliveryContext": {"isRedelivery": False},
        "message": {"id": f"{number}", "type": "text", "text": "待辦", "quoteToken": "q"},
    }


@contextmanager
def _serving(which: str, database: str) -> Iterator[str]:
    """Run one of the two servers in a process of its own for as long as the block lasts; gives its address."""
    command = [sys.executable, "-m", "tests.bench.webhook_servers", which, SECRET, database, new_token(), new_key()]
    with Popen(command, stdout=PIPE, text=True) as process:  # noqa: S603 (our own command)
        try:
            assert process.stdout is not None
            yield f"http://127.0.0.1:{process.stdout.readline().strip()}/line/webhook"
        finally:
            process.kill()
