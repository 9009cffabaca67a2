"""Whose webhook it is: events that LINE addresses to another bot are not ours to handle (A10).

The bot's own user id comes from the settings, or from LINE, asked once in the background: a webhook waits for nobody.
Until it is known everything is taken, for it is signed with our secret all the same.
"""

from __future__ import annotations

from collections.abc import Callable
from threading import Lock, Thread

import structlog

log = structlog.get_logger(__name__)


class Destination:
    """Knows the bot's own user id, or learns it. ``ask`` returns it, or None where LINE does not tell."""

    def __init__(self, known: str, ask: Callable[[], str | None]) -> None:
        self._known, self._ask = known, ask
        self._once = Lock()
        self._asking: Thread | None = None

    def is_ours(self, destination: str) -> bool:
        """Return whether a webhook for this user id is ours; what names nobody is."""
        if self._known:
            return destination in ("", self._known)
        self._begin_to_ask()
        return True

    def wait(self) -> None:
        """Wait until LINE was asked, if it is being asked."""
        if self._asking is not None:
            self._asking.join()

    def _begin_to_ask(self) -> None:
        if self._once.acquire(blocking=False):
            self._asking = Thread(target=self._learn, name="own user id", daemon=True)
            self._asking.start()

    def _learn(self) -> None:
        self._known = self._ask() or ""
        log.info("line.own_id", known=bool(self._known))
