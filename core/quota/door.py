"""What reading the quota needs from a channel: the outside is behind this name."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol


@dataclass(frozen=True)
class Consumption:
    """Paid messages of this month: how many there may be (None: no limit), and how many there were."""

    allowed: int | None
    used: int


class QuotaDoor(Protocol):
    """The LINE platform, as the reading job sees it."""

    def consumption(self) -> Consumption:
        """Ask how the month stands; raises ``ConnectionError`` when LINE does not say."""
