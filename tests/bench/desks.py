"""How 50 open desks follow what happens: asking every second, against a stream held open for each; a command by itself.

``python -m tests.bench.desks``: first the server as it is, asked once a second by 50 open conversations, then the same
with a stream of server-sent events for each, on the same eight threads. Printed are requests a second, the server's
share of one processor, and the 99th percentile of an answer; of the streams, how many are served at all.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from statistics import quantiles
from tempfile import TemporaryDirectory
from time import perf_counter, process_time, sleep

from aiohttp import ClientError, ClientSession, ClientTimeout
from flask import Flask, Response

from bot.server import THREADS, serving
from core.access import Actor
from core.accounts import sessions
from core.accounts.models import Role
from core.audit import Door
from core.context import Core
from tests.bench.filling import a_core
from tests.bench.helpdesk import SETTINGS, a_desk_app, fill_requests
from tests.builders import an_account
from tests.databases import SqliteFiles

DESKS, SECONDS, EVERY = 50, 10, 1.0
CONVERSATIONS = 1_000
MOST_MS = 1_000.0  # with a second between two questions a message stands there within two


def main() -> int:
    """Measure both, print a line each, and return 1 when asking is too slow to show a message within two seconds."""
    logging.getLogger("waitress.queue").setLevel(logging.ERROR)
    with TemporaryDirectory(prefix="frontdoor-bench-") as folder, SqliteFiles(Path(folder)).empty() as store:
        core = a_core(store)
        fill_requests(core, an_account(core, role=Role.HELPDESK, permissions=()), CONVERSATIONS)
        tokens = [_signed_in(core) for _ in range(DESKS)]
        app = a_desk_app(core)
        _add_stream(app)
        with _served(app) as url:
            took, share = _measured(url, tokens)
            streams = asyncio.run(_stream_all(url))
    p99 = quantiles(took, n=100)[-1] * 1000
    rate = len(took) / SECONDS
    print(f"asking: {rate:.0f} requests/s, {share:.0%} of one processor, p99 {p99:.0f} ms")  # noqa: T201 (its output)
    print(f"streams: {streams} of {DESKS} desks served by {THREADS} threads")  # noqa: T201
    return 0 if p99 <= MOST_MS else 1


def _signed_in(core: Core) -> str:
    agent = an_account(core, role=Role.HELPDESK, permissions=())
    with core.transaction(Actor(name="visitor"), Door.DESK) as ctx:
        return sessions.begin(ctx, agent.id)


def _measured(url: str, tokens: list[str]) -> tuple[list[float], float]:
    """Return how long each answer took, and the share of a processor that server and askers had together.

    The askers run in the same process, so the server's own share is less.
    """
    begun, used = perf_counter(), process_time()
    took = asyncio.run(_ask_all(url, tokens))
    return took, (process_time() - used) / (perf_counter() - begun)


async def _ask_all(url: str, tokens: list[str]) -> list[float]:
    took: list[float] = []
    until = perf_counter() + SECONDS

    async def desk(number: int, token: str) -> None:
        await asyncio.sleep(EVERY * number / DESKS)
        async with ClientSession(cookies={SETTINGS.cookie: token}) as session:
            while perf_counter() < until:
                begun = perf_counter()
                async with session.get(f"{url}/desk/help/{number + 1}/news") as answer:
                    assert answer.status == 200
                    await answer.read()
                took.append(perf_counter() - begun)
                await asyncio.sleep(EVERY)

    await asyncio.gather(*(desk(number, token) for number, token in enumerate(tokens)))
    return took


def _add_stream(app: Flask) -> None:
    """Add what a stream would be: an answer that never ends, with a word each second."""

    @app.get("/stream")
    def stream() -> Response:
        def words() -> Iterator[str]:
            for _ in range(SECONDS):
                yield "data: mark\n\n"
                sleep(EVERY)

        return Response(words(), mimetype="text/event-stream")


async def _stream_all(url: str) -> int:
    """Return how many of the streams had their first word within two seconds."""

    async def served(session: ClientSession) -> bool:
        try:
            async with session.get(f"{url}/stream") as answer:
                word = await answer.content.read(1)
                await asyncio.sleep(SECONDS / 2)  # the desk stays open
                return bool(word)
        except (ClientError, TimeoutError):
            return False

    async with ClientSession(timeout=ClientTimeout(total=SECONDS, sock_read=2.0)) as session:
        return sum(await asyncio.gather(*(served(session) for _ in range(DESKS))))


@contextmanager
def _served(app: Flask) -> Iterator[str]:
    with serving(app, "127.0.0.1", 0) as port:
        yield f"http://127.0.0.1:{port}"


if __name__ == "__main__":
    raise SystemExit(main())
