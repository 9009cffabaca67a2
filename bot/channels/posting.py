"""Posting ready bytes to LINE, many requests under way at once: one thread with an event loop, and what became of each.

Every request is posted once; whatever happens is an outcome, nothing of the network is raised. Only a connection that
was never made is certainly not accepted; what breaks off after that is of unknown fate.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from threading import Lock, Thread
from typing import TYPE_CHECKING

from bot.channels.line_outcomes import outcome_of
from core.notices.channel import Done, Outcome, Request, Sent
from core.notices.models import Via

if TYPE_CHECKING:
    from aiohttp import ClientResponse, ClientSession
    from yarl import URL

PATHS = {
    Via.REPLY: "/v2/bot/message/reply",
    Via.PUSH: "/v2/bot/message/push",
    Via.MULTICAST: "/v2/bot/message/multicast",
}
LONGEST_ANSWER = 1 << 16  # bytes; LINE's are some hundred
IDLE_SECONDS = 10.0  # a connection that LINE may have closed meanwhile would leave a reply's fate unknown


@dataclass
class Poster:
    """Posts to one channel; ``connect``, ``read`` and ``whole`` are time-outs in seconds, for a connection, for
    anything of the answer, and for all of it. Safe to share between threads.
    """

    api_url: str
    access_token: str
    connect: float
    read: float
    whole: float
    _lock: Lock = field(default_factory=Lock)
    _running: _Running | None = None

    def post(self, requests: Sequence[Request], done: Done) -> None:
        """Post requests side by side and return at once; ``done`` hears of each from the poster's thread."""
        with self._lock:
            if self._running is None:
                self._running = _Running(self)
            running = self._running
        running.loop.call_soon_threadsafe(running.start, tuple(requests), done)

    def open(self) -> None:
        """Load the library and begin to run now, so that the first person served does not wait for it."""
        self.post((), lambda _request, _sent: None)

    def close(self) -> None:
        """Finish what is under way and end the thread; the next request begins anew."""
        with self._lock:
            running, self._running = self._running, None
        if running is not None:
            running.end()


class _Running:
    """The event loop in its thread, and its connections."""

    def __init__(self, poster: Poster) -> None:
        self._poster = poster
        self._tasks: set[asyncio.Task[None]] = set()
        self.loop = _new_loop()
        self._ending = asyncio.Event()
        self._thread = Thread(target=self._run, name="poster", daemon=True)
        self._thread.start()

    def start(self, requests: Sequence[Request], done: Done) -> None:
        """Begin to post, in the loop's own thread."""
        for request in requests:
            task = self.loop.create_task(self._post(request, done))
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)

    def end(self) -> None:
        """Wait for what is under way, and end."""
        self.loop.call_soon_threadsafe(self._ending.set)
        self._thread.join()

    def _run(self) -> None:
        try:
            self.loop.run_until_complete(self._live())
        finally:
            self.loop.close()

    async def _live(self) -> None:
        from yarl import URL  # noqa: PLC0415 (comes with the library that posts)

        self._urls = {via: URL(self._poster.api_url + path) for via, path in PATHS.items()}
        self._session = _new_session(self._poster)
        async with self._session:
            await self._ending.wait()
            while self._tasks:
                await asyncio.wait(self._tasks)

    async def _post(self, request: Request, done: Done) -> None:
        headers = {"X-Line-Retry-Key": str(request.retry_key)} if request.retry_key else {}
        done(request, await _posted(self._session, self._urls[request.via], request.body, headers))


def _new_loop() -> asyncio.AbstractEventLoop:
    from uvloop import new_event_loop  # noqa: PLC0415 (costs a moment)

    return new_event_loop()


def _new_session(poster: Poster) -> ClientSession:
    from aiohttp import ClientSession, ClientTimeout, DummyCookieJar, TCPConnector  # noqa: PLC0415 (costs a moment)

    logging.getLogger("aiohttp").setLevel(logging.WARNING)
    return ClientSession(
        connector=TCPConnector(limit=0, keepalive_timeout=IDLE_SECONDS),
        cookie_jar=DummyCookieJar(),
        timeout=ClientTimeout(
            total=poster.whole, connect=poster.connect, sock_connect=poster.connect, sock_read=poster.read
        ),
        headers={"Authorization": f"Bearer {poster.access_token}", "Content-Type": "application/json"},
    )


async def _posted(session: ClientSession, url: URL, body: bytes, headers: Mapping[str, str]) -> Sent:
    from aiohttp import ClientConnectorError, ConnectionTimeoutError  # noqa: PLC0415 (loaded by the session already)

    try:
        async with session.post(url, data=body, headers=headers, allow_redirects=False) as response:
            return outcome_of(response.status, await _answer_of(response), response.headers)
    except (ClientConnectorError, ConnectionTimeoutError) as error:
        return Sent(Outcome.UNREACHED, type(error).__name__)
    except Exception as error:  # noqa: BLE001 (whatever broke off, it may have been accepted before)
        return Sent(Outcome.AMBIGUOUS, type(error).__name__)


async def _answer_of(response: ClientResponse) -> bytes:
    """Return what is said in an answer; of one longer than any of LINE's only the beginning is read."""
    if response.content_length is not None and response.content_length <= LONGEST_ANSWER:
        return await response.read()
    said = bytearray()
    async for part in response.content.iter_any():
        said += part
        if len(said) > LONGEST_ANSWER:
            response.close()
            break
    return bytes(said)
