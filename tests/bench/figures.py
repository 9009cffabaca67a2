"""One figure of the bench: a ratio of two medians taken in turns within one run, and the target it must keep."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from statistics import median
from time import perf_counter


@dataclass(frozen=True)
class Figure:
    """A measured ratio; ``most`` is the target, None where the issue names none."""

    name: str
    ratio: float
    note: str
    most: float | None = None

    @property
    def holds(self) -> bool:
        """Return whether the target is kept."""
        return self.most is None or self.ratio <= self.most

    def __str__(self) -> str:
        """Return the figure as a line of the report."""
        target = f"target {self.most:.2f} {'kept' if self.holds else 'MISSED'}" if self.most is not None else ""
        return f"{self.name:<62} {self.ratio:>7.2f}  {target:<18} {self.note}"


def in_turns(ours: Callable[[], object], peer: Callable[[], object], rounds: int) -> tuple[float, float]:
    """Return the median seconds of both, measured one after the other, round by round, so that noise hits both."""
    times: tuple[list[float], list[float]] = ([], [])
    for _ in range(rounds):
        for act, taken in zip((ours, peer), times, strict=True):
            begun = perf_counter()
            act()
            taken.append(perf_counter() - begun)
    return median(times[0]), median(times[1])


def ratio_of(
    name: str, ours: Callable[[], object], peer: Callable[[], object], *, rounds: int = 5, most: float | None = None
) -> Figure:
    """Measure two things in turns and return how much longer the first takes."""
    mine, theirs = in_turns(ours, peer, rounds)
    return Figure(name, mine / theirs, f"{mine * 1000:.1f} ms against {theirs * 1000:.1f} ms", most)
