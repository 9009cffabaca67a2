"""Webhooks a second until 200, against a bare Flask route that only parses them with the SDK, under the same server.

Ours checks the signature and stores every event, sealed, before it answers. Each server is a process of its own; who
posts does as little as can be done, that the servers are measured and not the posting (it posts three times as fast to
a route that does nothing), over as many connections as the server has threads: LINE does not wait for one webhook's
answer before it posts another's. Also how long the slowest hundredth waits at half of the maximum.
"""

from __future__ import annotations

import asyncio
import json
import sys
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import count
from statistics import median, quantiles
from subprocess import PIPE, Popen
from time import perf_counter, time
from urllib.parse import urlsplit

from bot.server import THREADS
from bot.webhook import signature_of
from core.database import Store
from core.secrets import new_key, new_token
from tests.bench.figures import Figure

SECRET = "channel secret for the bench"
CONNECTIONS, REQUESTS, ROUNDS = THREADS, 2_000, 5
PEOPLE = 1000
WAIT = 0.05  # seconds: the slowest hundredth at half of the maximum
SHARE = 0.7  # of the bare route's throughput


def figures(store: Store, _: Store) -> Iterator[Figure]:
    """Yield what a webhook takes against the bare route, and how the slowest wait when half as many come."""
    url, name = store.url.render_as_string(hide_password=False), store.url.get_backend_name()
    with _serving("ours", url) as ours, _serving("bare", url) as bare:
        line = Line()
        pairs = [(line.rate(ours), line.rate(bare)) for _ in range(ROUNDS + 1)][1:]
        mine, theirs = (median(each) for each in zip(*pairs, strict=True))
        note = f"{mine:,.0f}/s against {theirs:,.0f}/s"
        yield Figure(f"{name}: a webhook stored / parsed by the SDK only", theirs / mine, note, 1 / SHARE)
        slowest = median(line.slowest_hundredth(ours, mine / 2) for _ in range(ROUNDS))
        note = f"{slowest * 1000:.0f} ms at {mine / 2:,.0f}/s"
        yield Figure(f"{name}: p99 until 200 at half of the maximum / 50 ms", slowest / WAIT, note, 1.0)


@dataclass
class Line:
    """LINE's side, as fast as it likes. No event comes twice, and nobody writes so often that it is too often."""

    numbers: Iterator[int] = field(default_factory=count)

    def rate(self, url: str) -> float:
        """Post as fast as it goes; return how many were answered a second."""
        requests = [self._request() for _ in range(REQUESTS)]
        begun = perf_counter()
        asyncio.run(_post_all(url, requests, _at_once))
        return REQUESTS / (perf_counter() - begun)

    def slowest_hundredth(self, url: str, a_second: float) -> float:
        """Post so many a second; return how many seconds the slowest hundredth took at least."""
        requests = [self._request() for _ in range(REQUESTS)]
        begun = perf_counter()

        async def in_time(number: int) -> None:
            await asyncio.sleep(max(begun + number / a_second - perf_counter(), 0))

        return quantiles(asyncio.run(_post_all(url, requests, in_time)), n=100)[-1]

    def _request(self) -> bytes:
        number = next(self.numbers)
        body = json.dumps({"destination": "U" + "d" * 32, "events": [_event(number)]}).encode()
        head = f"POST /line/webhook HTTP/1.1\r\nHost: bench\r\nContent-Length: {len(body)}\r\n"
        kind = f"Content-Type: application/json\r\nX-Line-Signature: {signature_of(body, SECRET)}\r\n\r\n"
        return (head + kind).encode() + body


async def _at_once(_number: int) -> None:
    """Wait for nothing."""


async def _post_all(url: str, requests: list[bytes], when: Callable[[int], Awaitable[None]]) -> list[float]:
    """Post each when it is its time, over connections that stay open; return how many seconds each took."""
    left, took = enumerate(requests), list[float]()

    async def post_some() -> None:
        reader, writer = await asyncio.open_connection("127.0.0.1", urlsplit(url).port)
        for number, request in left:
            await when(number)
            begun = perf_counter()
            writer.write(request)
            head = await reader.readuntil(b"\r\n\r\n")
            took.append(perf_counter() - begun)
            assert head.startswith(b"HTTP/1.1 200 "), head
            assert b"Content-Length: 0\r\n" in head, head
        writer.close()
        await writer.wait_closed()

    await asyncio.gather(*(post_some() for _ in range(CONNECTIONS)))
    return took


def _event(number: int) -> dict[str, object]:
    return {
        "type": "message",
        "mode": "active",
        "webhookEventId": f"01HX{number:014}{new_token()[:8]}",  # as LINE's: in the order of time, and then by chance
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
