"""Webhooks that come at once are stored in one transaction: a commit waits for the disk, however much it holds.

Whoever comes while nobody writes writes what waits by then, their own and others'; whoever comes meanwhile waits for
the next turn. SQLite lets one write at a time; on PostgreSQL two may, so that one company is made up while the other
waits for the disk. A webhook that comes alone is stored at once; only where the last transaction held several does the
next wait for as many, and no longer than a moment: those just answered are about to post again. An answer is given only
after the commit that holds the webhook, so what is acknowledged is stored. At most one webhook waits for each thread of
the server, so the line is as long as these are many.

    waiting -> stored       its events are in the database
            -> apart        one of the others could not be stored, or somebody holds its person's row: its own
                            transaction, which alone waits and alone fails
            -> refused      the database is locked, full or gone, or the turn never came: an error of SQLAlchemy's
"""

from __future__ import annotations

from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass, field
from threading import Condition, Lock

import structlog
from sqlalchemy.exc import OperationalError, SQLAlchemyError
from sqlalchemy.exc import TimeoutError as WaitedTooLong

from core.context import Core
from core.failpoints import passing
from core.inbox import arriving
from core.inbox.arriving import IncomingEvent, Stored

EVENTS_AT_ONCE = 200
MOMENT_SECONDS = 0.003
WRITERS = {"sqlite": 1, "postgresql": 2}
TURN_SECONDS = 30.0  # longer than any wait of the database: whoever writes has then failed, or is stuck

log = structlog.get_logger(__name__)


@dataclass(eq=False)
class _Webhook:
    """One webhook's events, and what became of them once they are settled; neither stored nor error: apart."""

    events: Sequence[IncomingEvent]
    stored: Stored | None = None
    error: SQLAlchemyError | None = None
    is_settled: bool = False
    called: Lock = field(default_factory=Lock)
    """Held until it is settled, or its turn to write: nobody is woken for nothing."""

    def __post_init__(self) -> None:
        self.called.acquire()


class Gathering:
    """Stores webhooks for all threads of a process. ``seconds`` is how long one waits to be stored, or for its turn."""

    def __init__(self, core: Core, seconds: float = TURN_SECONDS) -> None:
        self._core, self._seconds = core, seconds
        self._waiting: deque[_Webhook] = deque()
        self._line = Condition()
        self._free = WRITERS[core.store.url.get_backend_name()]
        """How many more may write."""
        self._crowd = 1
        """How many the last transaction held: as many are expected to come again."""

    def store(self, events: Sequence[IncomingEvent]) -> Stored:
        """Return what became of a webhook's events when they are stored; raises an error of SQLAlchemy's if not."""
        mine = _Webhook(events)
        if self._may_write(mine) or self._is_called_to_write(mine):
            self._write(mine)
        if mine.error is not None:
            raise mine.error
        return mine.stored or self._store_apart(events)

    def _may_write(self, mine: _Webhook) -> bool:
        """Return whether it is stored at once; else it waits in the line."""
        with self._line:
            if self._free:
                self._free -= 1
                return True
            self._waiting.append(mine)
            if len(self._waiting) >= self._crowd - 1:
                self._line.notify()
            return False

    def _is_called_to_write(self, mine: _Webhook) -> bool:
        """Wait for who writes; return whether it is this one's turn, and not settled with others."""
        if not mine.called.acquire(timeout=self._seconds):
            with self._line:
                if not mine.called.acquire(blocking=False):
                    if mine in self._waiting:
                        self._waiting.remove(mine)
                    raise WaitedTooLong("the webhook's turn to be stored did not come; it is not acknowledged")
        return not mine.is_settled

    def _write(self, mine: _Webhook) -> None:
        """Store this one and what waits, as much as one transaction may hold; then the head of the line is next."""
        together = [mine]
        try:
            self._join(together)
            self._store(together)
        finally:
            with self._line:
                for each in together:
                    each.is_settled = True
                    each.called.release()
                if self._waiting:
                    self._waiting.popleft().called.release()
                else:
                    self._free += 1

    def _join(self, together: list[_Webhook]) -> None:
        events = len(together[0].events)
        with self._line:
            self._line.wait_for(lambda: len(self._waiting) >= self._crowd - 1, MOMENT_SECONDS)
            while self._waiting and events < EVENTS_AT_ONCE:
                together.append(self._waiting.popleft())
                events += len(together[-1].events)
            self._crowd = len(together)

    def _store(self, together: Sequence[_Webhook]) -> None:
        try:
            with arriving.intake(self._core) as into:
                stored = arriving.store_together(into, [each.events for each in together])
                passing("webhook.storing")
        except (OperationalError, WaitedTooLong) as error:
            for each in together:
                each.error = error
        except Exception as error:  # noqa: BLE001 (whichever of them it is: apart, it fails alone)
            log.warning("webhook.apart", webhooks=len(together), error=type(error).__name__)
        else:
            for each, what in zip(together, stored, strict=True):
                each.stored = what

    def _store_apart(self, events: Sequence[IncomingEvent]) -> Stored:
        with arriving.intake(self._core) as into:
            stored = arriving.store(into, events)
            passing("webhook.storing")
        return stored
