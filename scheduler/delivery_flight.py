"""The requests that are under way: handed over to a door, and not yet answered."""

from __future__ import annotations

from collections.abc import Sequence
from queue import Empty, SimpleQueue

from core.notices.settling import Tried

PATIENCE = 0.05  # seconds; then who waits looks again for something more urgent


class Flight:
    """Counts what one worker has under way. Only the worker asks; any thread may tell what landed."""

    def __init__(self) -> None:
        self.under_way = 0
        self._landed: SimpleQueue[Tried | None] = SimpleQueue()

    def expect(self, count: int) -> None:
        """So many more are under way."""
        self.under_way += count

    def land(self, tried: Sequence[Tried]) -> None:
        """These were answered."""
        for each in tried:
            self._landed.put(each)

    def land_again(self, tried: Sequence[Tried]) -> None:
        """These had landed, and could not be written down."""
        self.expect(len(tried))
        self.land(tried)

    def forget(self, count: int) -> None:
        """So many are not waited for: another worker has them, or they go another way."""
        for _ in range(count):
            self._landed.put(None)

    def landed(self, *, is_awaited: bool) -> list[Tried]:
        """Return what was answered until now; if awaited and nothing was, wait a moment for the first."""
        found: list[Tried] = []
        while self.under_way:
            try:
                each = self._landed.get(block=is_awaited and not found, timeout=PATIENCE)
            except Empty:
                break
            self.under_way -= 1
            found += [each] if each is not None else []
        return found
