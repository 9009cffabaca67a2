"""One figure of the bench: a ratio of two medians taken in turns within one run, and the target it must keep."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial
from statistics import median
from time import perf_counter


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
        target = f"target {self.most:.2f} {'kept' if self.holds else 'MISSED'}" if self.most is not None else ""
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
