"""A server on this machine that answers as a test tells it, and keeps what it was sent."""

from __future__ import annotations

import socket
import struct
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Event, Thread
from typing import Any

HANGING = 20


@dataclass(frozen=True)
class Request:
    method: str
    path: str
    headers: dict[str, str]
    body: bytes


@dataclass
class Stub:
    """What is answered next, and what came. ``behaviour`` is answer, reset or hang."""

    status: int = 200
    body: bytes = b"{}"
    headers: dict[str, str] = field(default_factory=dict)
    behaviour: str = "answer"
    without_length: bool = False
    """The body is sent as it is, whatever its headers say of its length."""
    requests: list[Request] = field(default_factory=list)
    connections: int = 0
    url: str = ""
    released: Event = field(default_factory=Event)
    arrived: Event = field(default_factory=Event)
    """Set when twenty requests hang."""


def _handler(stub: Stub) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def setup(self) -> None:
            stub.connections += 1
            super().setup()

        def _answer(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
            headers = {name.lower(): value for name, value in self.headers.items()}
            stub.requests.append(Request(self.command, self.path, headers, body))
            if stub.behaviour == "reset":
                self.close_connection = True
                self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
                self.connection.close()
            elif stub.behaviour == "hang":
                if len(stub.requests) >= HANGING:
                    stub.arrived.set()
                stub.released.wait(30)
                self.close_connection = True
            else:
                self._send()

        do_GET = do_POST = _answer  # noqa: N815 - http.server asks for these names

        def _send(self) -> None:
            self.send_response(stub.status)
            for name, value in stub.headers.items():
                self.send_header(name, value)
            if not stub.without_length:
                self.send_header("Content-Length", str(len(stub.body)))
            self.end_headers()
            self.wfile.write(stub.body)

        def log_message(self, *_: Any) -> None:
            """Keep quiet."""

    return Handler


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 64

    def handle_error(self, *_: Any) -> None:
        """A reset on purpose is no error."""


@contextmanager
def a_stub() -> Iterator[Stub]:
    stub = Stub()
    server = _Server(("127.0.0.1", 0), _handler(stub))
    stub.url = f"http://127.0.0.1:{server.server_address[1]}"
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
    thread.start()
    try:
        yield stub
    finally:
        stub.released.set()
        server.shutdown()
        server.server_close()
        thread.join(30)


def a_closed_port() -> int:
    """A port of this machine on which nobody listens."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        return int(taken.getsockname()[1])
