"""Threads that work whenever they are woken, and look again every second in case a wake-up was lost with a process."""

from __future__ import annotations

from collections.abc import Callable
from threading import Event, Thread

import structlog

LOOK_AGAIN_SECONDS = 1.0

log = structlog.get_logger(__name__)


class Loop:
    """One background worker: runs ``work`` when woken. What it raises is logged, and the loop goes on."""

    def __init__(self, name: str, work: Callable[[], object]) -> None:
        self._name, self._work = name, work
        self._woken, self._stopped = Event(), Event()
        self._thread = Thread(target=self._run, name=name, daemon=True)

    def start(self) -> None:
        """Begin."""
        self._thread.start()

    def wake(self) -> None:
        """There is something to do."""
        self._woken.set()

    def stop(self) -> None:
        """Finish the work under way and end the thread."""
        self._stopped.set()
        self._woken.set()
        if self._thread.is_alive():
            self._thread.join()

    def _run(self) -> None:
        while not self._stopped.is_set():
            self._woken.clear()
            try:
                self._work()
            except Exception as error:
                log.exception("loop.failed", loop=self._name, error=type(error).__name__)
            self._woken.wait(LOOK_AGAIN_SECONDS)
