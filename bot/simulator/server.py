"""The simulator's sockets: LINE and the phone page on one HTTP port, the mailbox on one SMTP port, this machine only.

Starting opens both; stopping leaves no thread and no socket behind.
"""

from __future__ import annotations

import socket
import struct
from collections.abc import Iterable
from types import TracebackType
from typing import TYPE_CHECKING, Any, Self

from waitress.channel import ClientDisconnected, HTTPChannel
from waitress.server import TcpWSGIServer
from waitress.task import WSGITask

from bot.server import WebServer
from bot.simulator.gate import HANG_UP
from bot.simulator.mailbox import Mailbox, MailServer
from bot.simulator.platform import Platform
from bot.simulator.sign_on import PATH, City
from bot.simulator.web import create_app

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

HOST = "127.0.0.1"
THREADS = 16  # held calls occupy one each
_RESET = struct.pack("ii", 1, 0)  # linger for no time: closing sends RST instead of FIN


class _Task(WSGITask):
    """A request that knows how to drop its connection."""

    def get_environment(self) -> dict[str, Any]:
        """Return the request's environment, with the way to hang up."""
        environ: dict[str, Any] = super().get_environment()
        environ["simulator.hang_up"] = lambda: _reset_on_close(self.channel.socket)
        return environ


class _Channel(HTTPChannel):
    """A connection whose requests know how to drop it."""

    task_class = _Task


def _reset_on_close(connection: socket.socket | None) -> None:
    """Make the coming close a reset, as when a peer dies."""
    if connection is not None:
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _RESET)


class _Server(TcpWSGIServer):
    """A server whose connections can be dropped."""

    channel_class = _Channel


def hanging_up(app: WSGIApplication) -> WSGIApplication:
    """Return the application, with the connection dropped where it answers with the hang-up header."""

    def served(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        hung_up: list[bool] = []

        def starting(status: str, headers: list[tuple[str, str]], *rest: Any) -> Any:
            hung_up.extend(True for name, _ in headers if name == HANG_UP)
            return start_response(status, headers, *rest)

        body = app(environ, starting)
        if hung_up:
            environ["simulator.hang_up"]()
            getattr(body, "close", lambda: None)()
            raise ClientDisconnected
        return body

    return served


class Simulator:
    """A platform with its sockets: ``with Simulator(platform) as simulator``, or ``start`` and ``stop``.

    Port 0 takes a free one. ``background`` posts webhooks in threads, as the demo does; without it every act posts
    before it returns.
    """

    def __init__(self, platform: Platform, *, port: int = 0, smtp_port: int = 0, background: bool = False) -> None:
        self.platform = platform
        self.mailbox = Mailbox(platform.world.clock)
        self.city = City(platform.world.clock)
        self._is_background = background
        app = hanging_up(create_app(platform, self.mailbox, self.city).wsgi_app)
        self._server = WebServer(app, _Server, host=HOST, port=port, threads=THREADS, channel_request_lookahead=1)
        self._mail_server = MailServer(self.mailbox, smtp_port)

    @property
    def api_url(self) -> str:
        """Where the bot finds both of LINE's API hosts."""
        return f"http://{HOST}:{self._server.port}"

    @property
    def link_url(self) -> str:
        """Where the bot's link page sends people to end the account link."""
        return f"{self.api_url}/dialog/bot/accountLink"

    @property
    def phone_url(self) -> str:
        """The phone, for a browser."""
        return f"{self.api_url}/phone/"

    @property
    def issuer(self) -> str:
        """The city's sign-on, as the bot is told of it."""
        return f"{self.api_url}{PATH}"

    @property
    def mailbox_url(self) -> str:
        """The mailbox, for a browser."""
        return f"{self.api_url}/mailbox/"

    @property
    def smtp_url(self) -> str:
        """Where the bot hands in its e-mails."""
        return f"smtp://{HOST}:{self._mail_server.port}"

    def start(self) -> None:
        """Open everything."""
        self._mail_server.start()
        self._server.start()
        if self._is_background:
            self.platform.webhooks.start()

    def stop(self) -> None:
        """Close everything; held and slow calls are let go at once."""
        self.platform.world.stopping.set()
        self.platform.webhooks.stop()
        self._mail_server.stop()
        self._server.stop()

    def __enter__(self) -> Self:
        """Start and return the simulator."""
        self.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Stop."""
        self.stop()
