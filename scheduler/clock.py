"""The job that looks at the clock every minute: one that stepped back, or far forward, raises an alarm (A44), and so
does one that is not the database's.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

import structlog

from core.access import system
from core.audit import Door
from core.clock_watch import APART, apart, note_step, stepped
from core.context import Core
from scheduler.jobs import Job

ACTOR = system("watch_clock")
CADENCE = timedelta(minutes=1)

log = structlog.get_logger(__name__)


@dataclass
class _Watch:
    """What this process saw of the clock last; a process that begins has seen nothing, and says nothing."""

    last: datetime | None = None

    def look(self, core: Core, now: datetime) -> int:
        """Compare the clock with the last look; return 1 when it stepped, which is logged and kept.

        That it is apart from the database's is logged each time.
        """
        step = stepped(self.last, now) if self.last is not None else None
        self.last = now
        _compare(core)
        if step is None:
            return 0
        log.error(step.way.value, seconds=round(step.by.total_seconds()))
        with core.transaction(ACTOR, Door.JOB) as ctx:
            note_step(ctx, step)
        return 1


def _compare(core: Core) -> None:
    with core.store.reading() as session:
        session.connection()  # which may take its time
        gap = apart(session, core.clock.now())
    if abs(gap) > APART:
        log.error("clock.apart", seconds=round(gap.total_seconds()))


def watching_clock() -> Job:
    """Return the job, for one process; whoever wires the process adds it to the table."""
    return Job("watch_clock", CADENCE, _Watch().look, "Looks whether the clock stepped back, or forward by an hour.")
