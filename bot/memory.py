"""How a process that runs for long looks for garbage: seldom, and not through what it keeps for good.

Python looks through all objects it made once and again for circles of garbage. Most of what a process holds came with
its libraries and stays; to look through that for every few hundred messages took a quarter of a sender's time.
"""

from __future__ import annotations

import gc

LOOK_AFTER = 20_000  # objects more than before; Python's own 700 are a handful of messages


def settle_in() -> None:
    """Leave out what is there now, once everything is loaded, and look through the rest less often."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(LOOK_AFTER, 20, 20)
