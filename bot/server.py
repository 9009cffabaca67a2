"""The web server: waitress, one process, several threads."""

from __future__ import annotations

import signal
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Event, Thread
from types import FrameType

from waitress.server import create_server
from flask import Flask

THREADS = 8
SLOW_CLIENT_SECONDS = 30  # who sends nothing for so long is cut off


@contextmanager
def serving(app: Flask, host: str, port: int) -> Iterator[int]:
    """Serve the application in a thread for as long as the block lasts; yields the port (a free one for 0)."""
    server = create_server(
        app,
        host=host,
        port=port,
        threads=THREADS,
        channel_timeout=SLOW_CLIENT_SECONDS,
        max_request_body_size=app.config["MAX_CONTENT_LENGTH"],
        ident=None,
    )
    thread = Thread(target=server.run, name="web", daemon=True)
    thread.start()
    try:
        yield int(server.effective_port)
    finally:
        server.close()
        thread.join(timeout=5)


def wait_for_end() -> None:
    """Wait until the process is asked to end (Ctrl-C or SIGTERM)."""
    asked = Event()

    def ask(_signal: int, _frame: FrameType | None) -> None:
        asked.set()

    signal.signal(signal.SIGINT, ask)
    signal.signal(signal.SIGTERM, ask)
    while not asked.wait(0.5):
        pass
