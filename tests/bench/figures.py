"""One figure of the bench: a ratio of two medians taken in turns within one run, and the target it must keep."""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from statistics import median
from time import perf_counter, process_time

from sqlalchemy import text

from core.database import Store


@dataclass(frozen=True)
class Figure:
    """A measured ratio; ``most`` is the target, None where the issue names none; ``least`` where less is as bad."""

    name: str
    ratio: float
    note: str
    most: float | None = None
    least: float = 0.0

    @property
    def holds(self) -> bool:
        """Return whether the target is kept."""
        return self.most is None or self.least <= self.ratio <= self.most

    def __str__(self) -> str:
        """Return the figure as a line of the report."""
        target = f"target {self.most:.2f} {'PASS' if self.holds else 'MISS'}" if self.most is not None else ""
        return f"{self.name:<70} {self.ratio:>7.2f}  {target:<18} {self.note}"


def ratio_of(
    name: str,
    ours: Callable[[], object],
    peer: Callable[[], object],
    *,
    rounds: int = 5,
    most: float | None = None,
    least: float = 0.0,
) -> Figure:
    """Measure two things in turns and return how much longer the first takes."""
    figure = ratio_of_times(name, partial(seconds, ours), partial(seconds, peer), rounds=rounds, most=most)
    return replace(figure, least=least)


def ratio_of_times(
    name: str, ours: Callable[[], float], peer: Callable[[], float], *, rounds: int, most: float | None = None
) -> Figure:
    """Compare the medians of two things that say themselves how many seconds of them count.

    One is measured after the other, round by round, so that noise hits both.
    """
    times = [(ours(), peer()) for _ in range(rounds)]
    mine, theirs = (median(each) for each in zip(*times, strict=True))
    return Figure(name, mine / theirs, f"{mine * 1000:.1f} ms against {theirs * 1000:.1f} ms", most)


def seconds(act: Callable[[], object]) -> float:
    """Return how long something takes."""
    begun = perf_counter()
    act()
    return perf_counter() - begun


def work(store: Store) -> float:
    """Return the processor time in seconds that this process has used, and the database's server for it.

    Other than the clock's it does not grow with what else a shared machine does. A server's part is known where it is
    reached by a socket of this machine.
    """
    return process_time() + sum(_processor_time(each) for each in _servers(store))


def _servers(store: Store) -> list[int]:
    """Return the processes that serve this database's connections on this machine."""
    if store.is_sqlite or not str(store.url.query.get("host", "")).startswith("/"):
        return []
    with store.reading() as session:
        return list(session.scalars(text("SELECT pid FROM pg_stat_activity WHERE datname = current_database()")))


def _processor_time(process: int) -> float:
    """Return what a process has used, its own and the system's part for it."""
    of_user, of_system = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[11:13]
    return (int(of_user) + int(of_system)) / os.sysconf("SC_CLK_TCK")
