"""Work that is killed at a random moment: a child by fork does it, and SIGKILL ends the child wherever it stands.

A fork of a small process costs a few milliseconds, so thousands of kills fit into a minute; that is why all of this
runs in a process of its own, ``python -m tests.faults``, and not in the one that runs the tests. A child that ends by
itself with an error is no kill, but a finding: its traceback is printed and the run fails.
"""

from __future__ import annotations

import gc
import os
import select
import signal
import sys
import traceback
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from random import Random
from statistics import median
from time import perf_counter
from typing import NoReturn

from sqlalchemy import text

from core.audit import verify
from core.context import Core

PATIENCE = 60.0  # seconds; a child that is not killed must end within them
TIMED = 5  # so many children first show how long the work takes
RECENT = 15
SPARED = 10  # every so many children is not killed but timed: those that merely got away would be the quick ones
ROOM = 1.3  # so much longer than usual a child may live, that the ends of long works are reached too
LEAST = 15  # so many kills even where time is short


@dataclass
class Killer:
    """Has work done by children, and kills each at a random moment of the time that such work takes."""

    core: Core
    chance: Random
    seconds: float | None = None
    """How long it may kill; None: until it is done."""
    kills: int = 0
    children: int = 0
    begun: float | None = None
    took: list[float] = field(default_factory=list)

    def is_done(self, kills: int) -> bool:
        """Return whether it has killed so often, or for as long as it may."""
        if self.kills < LEAST or self.seconds is None or self.begun is None:
            return self.kills >= kills
        return self.kills >= kills or perf_counter() - self.begun > self.seconds

    def take(self, work: Callable[[], object]) -> bool:
        """Have the work done once; return whether it was killed before its end. The first ones are only timed."""
        self.children += 1
        is_timed = len(self.took) < TIMED or self.children % SPARED == 0
        if not is_timed:
            self.begun = self.begun or perf_counter()
        limit = PATIENCE if is_timed else self.chance.uniform(0, ROOM * median(self.took[-RECENT:]))
        begun = perf_counter()
        was_killed = killed(self.core, work, limit)
        assert not (was_killed and is_timed), "the work found no end"
        self.kills += was_killed
        if is_timed:
            self.took.append(perf_counter() - begun)
        return was_killed


@dataclass(frozen=True)
class Report:
    """What a run did and found: ``wrong`` is empty if all is well, ``seen`` shows that the kills hit something."""

    name: str
    killer: Killer
    wrong: Counter[str]
    seen: Counter[str]

    @property
    def is_well(self) -> bool:
        """Return whether nothing is wrong, and a run at length saw everything it should at least once."""
        return not self.wrong and (self.killer.seconds is not None or all(self.seen.values()))

    def __str__(self) -> str:
        """Return the run as a line of the report."""
        seen = ", ".join(f"{count:,} {what}" for what, count in self.seen.items())
        wrong = ", ".join(f"{count:,} {what}" for what, count in self.wrong.items()) or "nothing wrong"
        return f"{self.name}: {self.killer.kills:,} kills of {self.killer.children:,} children; {seen}: {wrong}"


def killed(core: Core, work: Callable[[], object], seconds: float) -> bool:
    """Do the work in a child and kill it after so many seconds; return whether it was still at it."""
    core.store.close()  # no connection is shared with a child
    pid = os.fork()
    if pid == 0:
        _live(work)
    handle = os.pidfd_open(pid)
    try:
        ended, _, _ = select.select([handle], [], [], seconds)
        os.kill(pid, signal.SIGKILL)
    finally:
        _, status = os.waitpid(pid, 0)
        os.close(handle)
    if os.WIFEXITED(status):
        assert os.WEXITSTATUS(status) == 0, "the work failed by itself"
    return not ended


def harm(core: Core) -> Counter[str]:
    """Return what is wrong with the database itself and with the chain of its audit."""
    found: Counter[str] = Counter()
    with core.store.reading() as session:
        if core.store.is_sqlite:
            found["database not whole"] = session.scalar(text("PRAGMA integrity_check")) != "ok"
            found["dangling rows"] = len(session.execute(text("PRAGMA foreign_key_check")).all())
        found["audit broken"] = verify(session, core.vault) is not None
    return +found


def _live(work: Callable[[], object]) -> NoReturn:
    gc.disable()  # a short life; collecting would only copy the parent's pages
    status = 1
    try:
        work()
        status = 0
    except BaseException:  # noqa: BLE001 (whatever it is, the parent hears of it)
        traceback.print_exc(file=sys.__stderr__)
    finally:
        os._exit(status)
