"""What a bar chart of the watch pages shows; ``chart_drawing`` draws it.

A chart is shown by ``<img>`` and says nothing that the table under it does not say.
"""

from __future__ import annotations

from dataclasses import dataclass

from core.cards import Tone


@dataclass(frozen=True)
class Size:
    """How wide a chart is, in pixels, and what it has room for."""

    width: int
    signs: int
    """Of a label."""
    steps: int
    """Numbers along the axis, at most."""


WIDE = Size(520, 13, 6)
NARROW = Size(340, 9, 3)
"""For a phone, so that its text stays as large as the page's."""


@dataclass(frozen=True)
class Series:
    """One colour of a chart: what it stands for, and a number for each label."""

    name: str
    tone: Tone
    numbers: tuple[int, ...]


@dataclass(frozen=True)
class Chart:
    """Horizontal bars, the first label on top; several series are stacked."""

    labels: tuple[str, ...]
    series: tuple[Series, ...]
