"""Whether the house can work: its database answers and takes writes, its schema is one it knows, nothing lies about.

Who asks is answered within seconds whatever the database does: a server that stands still, or a lock that somebody
holds, is no reason to keep a proxy waiting. A look that does not end is gone on with, not begun again by every asker.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from concurrent.futures import Future
from threading import Lock, Thread

from sqlalchemy.exc import SQLAlchemyError

from bot.metrics import age
from core import migrations
from core.context import Core
from core.inbox import figures as events
from core.notices import figures as notices

PATIENCE = 5.0  # seconds; the database's own are up to half a minute

State = dict[str, object]


class Readiness:
    """Asks how the house is, one look at a time."""

    def __init__(self, look: Callable[[], State], patience: float = PATIENCE) -> None:
        self._look, self._patience = look, patience
        self._lock = Lock()
        self._under_way: Future[State] | None = None

    def state(self) -> State:
        """Return what a look found, or that none ended in time."""
        try:
            return self._asked().result(self._patience)
        except TimeoutError:
            return {"ready": False, "database": f"no answer within {self._patience:g} seconds"}

    def _asked(self) -> Future[State]:
        with self._lock:
            if self._under_way is None or self._under_way.done():
                self._under_way = Future()
                Thread(target=self._find, args=(self._under_way,), name="readyz", daemon=True).start()
            return self._under_way

    def _find(self, found: Future[State]) -> None:
        try:
            found.set_result(self._look())
        except BaseException as error:  # noqa: BLE001 (it is raised where somebody waits for it)
            found.set_exception(error)


def readiness(core: Core) -> State:
    """Return whether everything answers, with what an operator asks next: versions, and what waits for how long."""
    try:
        waiting = _queues(core)
        schema = migrations.current(core.store)
        core.store.try_to_write()
    except (SQLAlchemyError, OSError) as error:
        return {"ready": False, "database": type(error).__name__}
    at_most = core.policy.ready_queue_minutes * 60
    return {
        "ready": migrations.serves(schema) and max(waiting.values()) <= at_most,
        "database": core.store.url.get_backend_name(),
        "schema": schema,
        "sqlite": sqlite3.sqlite_version,
        **waiting,
    }


def _queues(core: Core) -> dict[str, float]:
    """Return for how many seconds what waits longest for a worker has waited: an event, a notice."""
    now = core.clock.now()
    with core.store.reading() as session:
        return {
            "inbox_age_seconds": age(events.oldest(session), now),
            "outbox_late_seconds": age(notices.lying(session), now),
        }
