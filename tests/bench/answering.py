"""From a webhook to its answer at the platform, for 50 people who write at once, and how long the slowest wait.

The peer is what a bot's first day looks like: a bare Flask route that parses with the SDK and replies with the SDK,
within the webhook, the same words to everybody; it stores nothing, looks nothing up and loses what fails. Ours stores
the message, finds who wrote, lists what they owe, and sends by the outbox. Both are processes of their own under the
same server; LINE's side is this one.
"""

from __future__ import annotations

import asyncio
import json
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date
from itertools import count
from statistics import median, quantiles
from subprocess import PIPE, Popen
from time import perf_counter, time

from bot.webhook import signature_of
from core.clock import SystemClock
from core.context import Core
from core.database import Store
from core.policy import Policy
from core.secrets import Vault, new_key, new_token
from tests.bench.figures import Figure
from tests.builders import a_bound_account, a_dispatch, a_unit, inside
from tests.duties import owe

SECRET = "channel secret for the bench"
PEOPLE, ROUNDS = 50, 5
OWED = 3  # dispatches of each person
LATE = date(2099, 12, 31)
PATIENCE = 60  # seconds
SENT = b'{"sentMessages":[{"id":"1","quoteToken":"q"}]}'
ACCEPTED = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n%b" % (len(SENT), SENT)


@dataclass(frozen=True)
class Keys:
    """What the server's process must share with this one."""

    secret_key: str = field(default_factory=new_token)
    data_key: str = field(default_factory=new_key)

    def core(self, database: str) -> Core:
        """Return the house's core on this database."""
        return Core(Store(database), Vault(self.secret_key, [self.data_key]), Policy(), SystemClock())


def figures(store: Store, _: Store) -> Iterator[Figure]:
    """Yield our median against the peer's, and our slowest hundredth against the peer's."""
    url, name, keys = store.url.render_as_string(hide_password=False), store.url.get_backend_name(), Keys()
    core = keys.core(url)
    _fill(core)
    core.store.close()
    ours, bare = asyncio.run(_measure(url, keys))
    for what, middle in (("median", median), ("p99", _slowest_hundredth)):
        mine, theirs = middle(ours), middle(bare)
        note = f"{mine * 1000:.0f} ms against {theirs * 1000:.0f} ms"
        yield Figure(f"{name}: {PEOPLE} people answered, {what} / Flask and the SDK alone", mine / theirs, note)


def _slowest_hundredth(times: list[float]) -> float:
    return quantiles(times, n=100)[-1]


def _fill(core: Core) -> None:
    """Store people with their phones, each with something to do."""
    for person in range(PEOPLE):
        with inside(core) as ctx:
            unit = a_unit(ctx, f"第 {person} 國民小學")
            a_bound_account(ctx, unit, line_user=_user(person), ends_on=LATE)
            for _ in range(OWED):
                owe(ctx, a_dispatch(ctx, unit))


def _user(person: int) -> str:
    return f"U{person:032x}"


async def _measure(database: str, keys: Keys) -> tuple[list[float], list[float]]:
    """Return how many seconds each answer took, of ours and of the peer; in turns, the first of each not counted."""
    platform = Platform()
    server = await asyncio.start_server(platform.serve, "127.0.0.1", 0)
    stub = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
    with _serving("ours", stub, database, keys) as ours, _serving("bare", stub, database, keys) as bare:
        rounds = [(await platform.ask_all(ours), await platform.ask_all(bare)) for _ in range(ROUNDS + 1)][1:]
    server.close()
    await asyncio.wait(asyncio.all_tasks() - {asyncio.current_task()})  # connections of the two, which are gone
    return [each for mine, _ in rounds for each in mine], [each for _, theirs in rounds for each in theirs]


@dataclass
class Platform:
    """LINE: posts what people write, and hears the replies."""

    numbers: Iterator[int] = field(default_factory=count)
    asked: dict[str, asyncio.Future[float]] = field(default_factory=dict)
    """By reply token: when its answer was accepted."""

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Accept what comes, at once."""
        while head := await _head(reader):
            body = await reader.readexactly(_length(head))
            if b" /v2/bot/message/reply " in head.partition(b"\r\n")[0]:
                self.asked[json.loads(body)["replyToken"]].set_result(perf_counter())
            writer.write(ACCEPTED)
        writer.close()

    async def ask_all(self, port: int) -> list[float]:
        """Have everybody write at once; return how many seconds each waited for the answer."""
        return await asyncio.wait_for(asyncio.gather(*(self._ask(port, person) for person in range(PEOPLE))), PATIENCE)

    async def _ask(self, port: int, person: int) -> float:
        token = f"{next(self.numbers):032x}"
        answered: asyncio.Future[float] = asyncio.get_running_loop().create_future()
        self.asked[token] = answered
        request = _webhook(person, token)
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        begun = perf_counter()
        writer.write(request)
        assert (await _head(reader)).startswith(b"HTTP/1.1 200 ")
        took = await answered - begun
        writer.close()
        return took


async def _head(reader: asyncio.StreamReader) -> bytes:
    """Return the head of the next request or answer; nothing where the other side has closed."""
    try:
        return await reader.readuntil(b"\r\n\r\n")
    except (asyncio.IncompleteReadError, ConnectionResetError):
        return b""


def _length(head: bytes) -> int:
    return int(head.lower().partition(b"content-length:")[2].partition(b"\r\n")[0] or 0)


def _webhook(person: int, token: str) -> bytes:
    event = {
        "type": "message",
        "mode": "active",
        "webhookEventId": f"01HX{token[-22:]}",
        "timestamp": round(time() * 1000),
        "source": {"type": "user", "userId": _user(person)},
        "replyToken": token,
        "deliveryContext": {"isRedelivery": False},
        "message": {"id": token, "type": "text", "text": "待辦", "quoteToken": "q"},
    }
    body = json.dumps({"destination": "U" + "d" * 32, "events": [event]}).encode()
    head = f"POST /line/webhook HTTP/1.1\r\nHost: bench\r\nContent-Length: {len(body)}\r\n"
    return f"{head}X-Line-Signature: {signature_of(body, SECRET)}\r\n\r\n".encode() + body


@contextmanager
def _serving(which: str, stub: str, database: str, keys: Keys) -> Iterator[int]:
    """Run one of the two bots in a process of its own for as long as the block lasts; gives its port."""
    given = [which, SECRET, stub, database, keys.secret_key, keys.data_key]
    command = [sys.executable, "-m", "tests.bench.answering_servers", *given]
    with Popen(command, stdout=PIPE, text=True) as process:  # noqa: S603 (our own command)
        try:
            assert process.stdout is not None
            yield int(process.stdout.readline())
        finally:
            process.kill()
