"""The web server: waitress, one process, several threads.

Stopping it cuts nothing off: it takes no new connection, answers what was asked, and leaves no thread and no socket
behind. Waitress's own way to stop ends with its loop, so that what was done meanwhile is never answered.
"""

from __future__ import annotations

import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from threading import Event, Thread
from time import monotonic
from types import FrameType
from typing import TYPE_CHECKING, Any, cast

from flask import Flask
from waitress.adjustments import Adjustments
from waitress.channel import HTTPChannel
from waitress.server import TcpWSGIServer
from waitress.wasyncore import close_all, dispatcher, loop

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIApplication

THREADS = 64  # most wait for the disk: the more of them, the more webhooks are stored with one commit
SLOW_CLIENT_SECONDS = 30  # who sends nothing for so long, or no whole request, is cut off
LOOKED_AFTER_SECONDS = 5
ANSWERED_WITHIN_SECONDS = 20.0  # what was asked before the end; longer than that the database keeps nobody waiting
HUNG_SECONDS = 1  # whoever works on after that is left to the end of the process
ROUND_SECONDS, LAST_ROUND_SECONDS = 1.0, 0.05
CONNECTIONS = 500  # of browsers that keep theirs open, and of who sends slowly; a process may have 1,024 files open


class Channel(HTTPChannel):
    """A connection whose time runs from the beginning of a request: what comes drop by drop does not renew it (A9)."""

    _before = 0.0

    def handle_read(self) -> None:
        """Read what came."""
        self._before = self.last_activity
        super().handle_read()

    def received(self, data: bytes) -> bool:
        """Take what came; it is no sign of life unless it begins a request or makes one whole."""
        begun = self.request
        taken: bool = super().received(data)
        is_no_more = not data.strip() if begun is None else self.request is begun or begun.empty
        if is_no_more:
            self.last_activity = self._before
        return taken


class Server(TcpWSGIServer):
    """Waitress's server with such connections."""

    channel_class = Channel


class WebServer:
    """One application on one port; 0 takes a free one. ``kind`` is waitress's server class."""

    def __init__(self, app: WSGIApplication, kind: type[TcpWSGIServer] = Server, **adjusted: Any) -> None:
        self._map: dict[int, Any] = {}
        try:
            self._server = kind(app, map=self._map, adj=Adjustments(ident=None, **adjusted))
        except OSError:  # the port is somebody else's: nothing of it stays open
            close_all(self._map)
            raise
        self._channels = cast("dict[int, HTTPChannel]", self._server.active_channels)
        self.port = int(self._server.getsockname()[1])
        self._ending = Event()
        self._thread = Thread(target=self._serve, name="web", daemon=True)

    def start(self) -> None:
        """Begin to answer."""
        self._thread.start()

    def stop(self) -> None:
        """Take nothing new, answer what was asked, close every connection and end."""
        self._ending.set()
        self._server.pull_trigger()
        self._thread.join()
        self._server.task_dispatcher.shutdown(timeout=HUNG_SECONDS)
        close_all(self._map)

    def _serve(self) -> None:
        while not self._ending.is_set():
            self._go_round(ROUND_SECONDS)
        self._take_no_more()
        until = monotonic() + ANSWERED_WITHIN_SECONDS
        while self._is_asked() and monotonic() < until:
            self._go_round(LAST_ROUND_SECONDS)

    def _go_round(self, seconds: float) -> None:
        loop(timeout=seconds, use_poll=True, map=self._map, count=1)

    def _take_no_more(self) -> None:
        """Let in who stands at the door already, close it, and read what they have sent."""
        connected = -1
        while connected < len(self._channels):
            connected = len(self._channels)
            self._server.handle_accept()
        dispatcher.close(self._server)  # the door alone: the server's own way would close what wakes its loop, too
        self._go_round(LAST_ROUND_SECONDS)

    def _is_asked(self) -> bool:
        """Return whether somebody still waits for an answer; who does not is let go."""
        for channel in [*self._channels.values()]:
            if _is_idle(channel):
                channel.handle_close()
        return bool(self._channels)


def _is_idle(channel: HTTPChannel) -> bool:
    """Return whether nothing was asked that is not answered: a request is over when its answer stands in the buffer."""
    return not channel.requests and channel.request is None and not channel.total_outbufs_len


@contextmanager
def serving(app: Flask, host: str, port: int) -> Iterator[int]:
    """Serve the application in a thread for as long as the block lasts; yields the port."""
    server = WebServer(
        app.wsgi_app,
        host=host,
        port=port,
        threads=THREADS,
        channel_timeout=SLOW_CLIENT_SECONDS,
        cleanup_interval=LOOKED_AFTER_SECONDS,
        connection_limit=CONNECTIONS,
        max_request_body_size=app.config["MAX_CONTENT_LENGTH"],
        inbuf_overflow=app.config["MAX_CONTENT_LENGTH"] + 1,  # what is sent never lies in a file (A38)
        **_behind(app.config.get("PROXIES", 0)),
    )
    server.start()
    try:
        yield server.port
    finally:
        server.stop()


def _behind(proxies: int) -> dict[str, Any]:
    """Return how far X-Forwarded-For is believed: as many addresses from its end as there are proxies of ours."""
    if not proxies:
        return {}
    return {"trusted_proxy": "*", "trusted_proxy_count": proxies, "trusted_proxy_headers": "x-forwarded-for"}


def listen_for_end() -> Callable[[], None]:
    """Hear from now on that the process is asked to end (Ctrl-C, SIGTERM, SIGHUP); return what waits until it was.

    A process that hears it while it starts is then started, waits for nothing, and ends in order. SIGHUP, from a
    terminal that is closed, is not heard under nohup.
    """
    asked = Event()

    def ask(_signal: int, _frame: FrameType | None) -> None:
        asked.set()

    signal.signal(signal.SIGINT, ask)
    signal.signal(signal.SIGTERM, ask)
    if signal.getsignal(signal.SIGHUP) is not signal.SIG_IGN:
        signal.signal(signal.SIGHUP, ask)

    def wait() -> None:
        while not asked.wait(0.5):
            pass

    return wait
