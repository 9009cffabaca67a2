"""What a process that runs for long does otherwise than Python by itself: it looks for garbage seldom, and takes turns.

Python looks through all objects it made once and again for circles of garbage. Most of what a process holds came with
its libraries and stays; to look through that for every few hundred messages took a quarter of a sender's time.

A thread whose database has answered waits until the one at work has had its turn of 5 ms, a dozen times a batch. With
turns of 1 ms a sender gets a fifth more done on a machine that others keep busy. On a quiet one, which has time to
spare, it costs a twentieth.
"""

from __future__ import annotations

import gc
import sys

LOOK_AFTER = 20_000  # objects more than before; Python's own 700 are a handful of messages
TURN = 0.001  # seconds


def settle_in() -> None:
    """Leave out what is there now, once everything is loaded; look through the rest less often; take short turns."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(LOOK_AFTER, 20, 20)
    sys.setswitchinterval(TURN)
