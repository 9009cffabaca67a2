"""Webhooks that come at once are stored in one transaction: a commit waits for the disk, however much it holds.

Whoever comes while nobody writes writes what waits by then, their own and others'; whoever comes meanwhile waits for
the next turn. Nobody waits for company: a webhook that comes alone is stored at once. An answer is given only after
the commit that holds the webhook, so what is acknowledged is stored. At most one webhook waits for each thread of the
server, so the line is as long as these are many.

    waiting -> stored       its events are in the database
            -> apart        one of the others could not be stored, or somebody holds its person's row: its own
                            transaction, which alone waits and alone fails
            -> refused      the database is locked, full or gone, or the turn never came: an error of SQLAlchemy's
"""

from __future__ import annotations

from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass
from threading import Condition

import structlog
from sqlalchemy.exc import OperationalError, SQLAlchemyError
from sqlalchemy.exc import TimeoutError as WaitedTooLong

from core.access import system
from core.audit import Door
from core.context import Core
from core.failpoints import passing
from core.inbox import arriving
from core.inbox.arriving import IncomingEvent, Stored

ACTOR = system("webhook")
EVENTS_AT_ONCE = 200
TURN_SECONDS = 30.0  # longer than any wait of the database: whoever writes has then failed, or is stuck

log = structlog.get_logger(__name__)


@dataclass(eq=False)
class _Webhook:
    """One webhook's events, and what became of them once they are settled; neither stored nor error: apart."""

    events: Sequence[IncomingEvent]
    stored: Stored | None = None
    error: SQLAlchemyError | None = None
    is_settled: bool = False


class Gathering:
    """Stores webhooks for all threads of a process. ``seconds`` is how long one waits for its turn."""

    def __init__(self, core: Core, seconds: float = TURN_SECONDS) -> None:
        self._core, self._seconds = core, seconds
        self._waiting: deque[_Webhook] = deque()
        self._changed = Condition()
        self._is_writing = False

    def store(self, events: Sequence[IncomingEvent]) -> Stored:
        """Return what became of a webhook's events when they are stored; raises an error of SQLAlchemy's if not."""
        mine = _Webhook(events)
        self._waiting.append(mine)
        while not mine.is_settled:
            if self._is_my_turn(mine):
                self._settle(self._next())
        if mine.error is not None:
            raise mine.error
        return mine.stored or self._store_apart(events)

    def _is_my_turn(self, mine: _Webhook) -> bool:
        """Wait until nobody writes, and begin to; or until somebody else has settled this one."""
        with self._changed:
            if not self._changed.wait_for(lambda: mine.is_settled or not self._is_writing, self._seconds):
                if mine in self._waiting:
                    self._waiting.remove(mine)
                raise WaitedTooLong("the webhook's turn to be stored did not come; it is not acknowledged")
            if not mine.is_settled:
                self._is_writing = True
            return not mine.is_settled

    def _next(self) -> list[_Webhook]:
        together, events = [], 0
        while self._waiting and events < EVENTS_AT_ONCE:
            together.append(self._waiting.popleft())
            events += len(together[-1].events)
        return together

    def _settle(self, together: Sequence[_Webhook]) -> None:
        try:
            self._store(together)
        finally:
            with self._changed:
                for each in together:
                    each.is_settled = True
                self._is_writing = False
                self._changed.notify_all()

    def _store(self, together: Sequence[_Webhook]) -> None:
        try:
            with self._core.transaction(ACTOR, Door.CHAT) as ctx:
                stored = arriving.store_together(ctx, [each.events for each in together])
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
        with self._core.transaction(ACTOR, Door.CHAT) as ctx:
            stored = arriving.store(ctx, events)
            passing("webhook.storing")
        return stored
