"""Ports of this machine for servers whose address must be known before they are there."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from socket import SO_REUSEADDR, SOL_SOCKET, socket


@contextmanager
def kept_port() -> Iterator[int]:
    """Give a port that nobody else takes while its server is not there: bound, not listened to."""
    with socket() as keeper:
        keeper.setsockopt(SOL_SOCKET, SO_REUSEADDR, 1)
        keeper.bind(("127.0.0.1", 0))
        yield int(keeper.getsockname()[1])
