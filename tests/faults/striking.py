"""Every named moment struck once by each of three faults: a crash, an error, a database that fails right after it."""

from __future__ import annotations

import logging
import os
import signal
from collections import Counter
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from sqlalchemy import event
from sqlalchemy.exc import OperationalError

from core.context import Core
from core.failpoints import ASKING, IMPORT, JOBS, NAMES, watched
from tests.faults import importing
from tests.faults.killing import PATIENCE, Killer, Report, harm, killed
from tests.faults.ledger import Ledger
from tests.faults.places import Place, on_sqlite
from tests.faults.sweeping import Twins
from tests.faults.talking import LATER, TO_BIND, WORDS, Talk, wrong

CALM = 1  # rounds in which nobody strikes, after each strike


class Fault(StrEnum):
    """What happens at a moment."""

    CRASH = "crash"
    RAISE = "raise"
    DATABASE = "database"


@dataclass
class Strike:
    """One fault at one moment, once in a child's life; that it struck is written down before it does."""

    core: Core
    moment: str
    fault: Fault
    marks: Path
    is_over: bool = False

    def during(self, work: Callable[[], object]) -> Callable[[], None]:
        """Return the work with the fault in it. What the fault makes the work raise is what is to be survived."""

        def struck() -> None:
            with watched(self), suppress(Exception):
                work()

        return struck

    def __call__(self, name: str) -> None:
        """Hear that a moment is passed."""
        if name != self.moment or self.is_over:
            return
        self.is_over = True
        with self.marks.open("a") as file:
            file.write(f"{self.moment} {self.fault}\n")
        match self.fault:
            case Fault.CRASH:
                os.kill(os.getpid(), signal.SIGKILL)
            case Fault.RAISE:
                raise RuntimeError(name)
            case Fault.DATABASE:
                for what in ("before_cursor_execute", "commit"):
                    event.listen(self.core.store.engine, what, _fail, once=True)


def _fail(*_: object) -> None:
    raise OperationalError("statement", {}, OSError("disk I/O error"))


def run(place: Place, kills: int) -> Report:  # noqa: ARG001 (the moments say how often)
    """Strike every moment with every fault; look that nothing is lost or doubled, and that each was struck."""
    logging.disable(logging.CRITICAL)
    killer, marks = Killer(place.core, place.chance), place.folder / "marks"
    strikes = [Strike(place.core, moment, fault, marks) for moment in NAMES for fault in Fault]
    with on_sqlite() as elsewhere:
        house = _House(place, elsewhere)
        for strike in strikes:
            work = house.next_work(strike.moment)
            killer.children += 1
            killed(place.core, strike.during(work), PATIENCE)
            house.recover(strike.moment)
        found = house.wrong()
    struck = set(marks.read_text().splitlines())
    found["not struck"] = sum(f"{each.moment} {each.fault}" not in struck for each in strikes)
    return Report(f"failpoints on {place.kind}", killer, +found + harm(place.core), Counter({"strikes": len(struck)}))


class _House:
    """All kinds of work, each with what came of it."""

    def __init__(self, place: Place, calm: Place) -> None:
        self._place = place
        self._talk = Talk(
            place.core, place.clock, Ledger(place.folder / "accepted"), place.folder / "acknowledged", place.chance
        )
        self._twins = Twins(place, calm)
        importing.begin(place.core)
        self._files = 0

    def next_work(self, moment: str) -> Callable[[], None]:
        """Return work that passes this moment."""
        if moment in JOBS:
            self._talk.end()  # days go by: a push of unknown fate would be parked for a person (A50)
            return self._twins.next_morning()
        if moment in IMPORT:
            self._files += 1
            return importing.work(self._place.core, importing.a_list(self._place.folder, self._files - 1))
        return self._talk.next_round(TO_BIND if moment in ASKING else WORDS)

    def recover(self, moment: str) -> None:
        """Do the same again with nobody in the way."""
        if moment in JOBS:
            self._twins.end()
            return
        if moment in IMPORT:
            importing.work(self._place.core, self._place.folder / "list.csv")()
            return
        for _ in range(CALM):
            self._place.clock.move(LATER)
            self._talk.look()
            self._talk.work(self._place.chance)

    def wrong(self) -> Counter[str]:
        """Return all that is wrong, by its kind."""
        self._talk.end()
        found = wrong(self._talk) + self._twins.wrong()
        found["rows of imports"] = importing.missing(self._place.core, self._files)
        return +found
