"""A stub of LINE in a process of its own: answers every request 50 ms after it came, as LINE does.

It reads no more of HTTP than it must, so that what is measured is who sends, not who answers.
"""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from subprocess import PIPE, Popen

DELAY = 0.05
ANSWER = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nx-line-request-id: stub\r\nContent-Length: 2\r\n\r\n{}"


class _Connection(asyncio.Protocol):
    """One connection: requests one after another, each with its length in its head."""

    def __init__(self) -> None:
        self._bytes = b""
        self._transport: asyncio.WriteTransport | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.WriteTransport)
        self._transport = transport

    def data_received(self, data: bytes) -> None:
        self._bytes += data
        head, found, body = self._bytes.partition(b"\r\n\r\n")
        if not found:
            return
        length = int(head.lower().partition(b"content-length:")[2].partition(b"\r\n")[0] or 0)
        if len(body) >= length:
            self._bytes = body[length:]
            asyncio.get_running_loop().call_later(DELAY, self._answer)

    def _answer(self) -> None:
        if self._transport is not None and not self._transport.is_closing():
            self._transport.write(ANSWER)


async def _serve() -> None:
    server = await asyncio.get_running_loop().create_server(_Connection, "127.0.0.1", 0, backlog=1000)
    print(server.sockets[0].getsockname()[1], flush=True)  # noqa: T201 (who started it reads the port)
    await server.serve_forever()


@contextmanager
def serving() -> Iterator[str]:
    """Run the stub for as long as the block lasts; gives its address."""
    with Popen([sys.executable, __file__], stdout=PIPE, text=True) as process:  # noqa: S603 (this very file)
        try:
            assert process.stdout is not None
            yield f"http://127.0.0.1:{process.stdout.readline().strip()}"
        finally:
            process.kill()


if __name__ == "__main__":
    asyncio.run(_serve())
