"""What the helpdesk asks of LINE while nobody waits for a page: fetching what people sent, and marking it read.

LINE keeps a content for an undisclosed time, so it is fetched at once: this worker is woken with the senders. It
calls LINE between two transactions, never inside one. Any number of workers may run; each takes with a lease.
"""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from threading import Event

import structlog

from core.access import system
from core.audit import Door
from core.context import Core
from core.helpdesk import files, marks
from core.helpdesk.door import HelpDoor, NotHad
from core.helpdesk.file_kinds import BYTES_AT_MOST
from core.helpdesk.files import Looked, ToFetch
from core.helpdesk.models import EntryKind, FileReason

ACTOR = system("help_worker")
FILES_AT_ONCE = 2  # a picture being decoded takes 160 MB at most
MARKS_AT_ONCE = 50

log = structlog.get_logger(__name__)


@dataclass
class HelpWorker:
    """Works through what is due. ``wake`` is called when an answer lies in the outbox."""

    core: Core
    door: HelpDoor
    wake: Callable[[], None] = lambda: None
    _workers: ThreadPoolExecutor = field(
        default_factory=lambda: ThreadPoolExecutor(FILES_AT_ONCE, "help-files"), repr=False
    )
    _ending: Event = field(default_factory=Event, repr=False)

    def run(self) -> int:
        """Tell LINE what was read, and fetch every file that waits now; return how much was done."""
        with self.core.reading(ACTOR, Door.JOB) as ctx:
            has_marks, has_files = marks.is_due(ctx), files.is_due(ctx)
        told = self._tell_read() if has_marks else 0
        return told + (sum(self._workers.map(lambda _: self._fetch_all(), range(FILES_AT_ONCE))) if has_files else 0)

    def end(self) -> None:
        """Ask LINE for nothing more: what is under way is finished, what was only taken waits for its lease to end."""
        self._ending.set()

    def close(self) -> None:
        """Let the workers finish and go."""
        self._workers.shutdown()

    def _tell_read(self) -> int:
        with self.core.transaction(ACTOR, Door.JOB) as ctx:
            taken = marks.take_marks(ctx, MARKS_AT_ONCE)
        for mark in taken:
            if self._ending.is_set():
                break
            sent = self.door.mark_as_read(mark.token)
            with self.core.transaction(ACTOR, Door.JOB) as ctx:
                marks.settle(ctx, mark, sent.outcome)
        return len(taken)

    def _fetch_all(self) -> int:
        fetched = 0
        while not self._ending.is_set() and (taken := self._take()) is not None:
            self._fetch(taken)
            fetched += 1
        return fetched

    def _take(self) -> ToFetch | None:
        with self.core.transaction(ACTOR, Door.JOB) as ctx:
            return files.take_next(ctx)

    def _fetch(self, taken: ToFetch) -> None:
        had = FileReason.MEDIA if taken.kind is EntryKind.MEDIA else self._had(taken)
        with self.core.transaction(ACTOR, Door.JOB) as ctx:
            if isinstance(had, Looked):
                files.keep(ctx, taken, had)
            elif isinstance(had, FileReason):
                files.refuse(ctx, taken, had)
            else:
                files.not_had(ctx, taken, had)
        log.info("help.file", file=taken.number, outcome="kept" if isinstance(had, Looked) else had.value)
        self.wake()

    def _had(self, taken: ToFetch) -> Looked | FileReason | NotHad:
        if taken.is_given_up:
            return FileReason.UNREADABLE
        content = self.door.content(taken.message_id, BYTES_AT_MOST)
        return content if isinstance(content, NotHad) else files.looked_at(content, taken.name)
