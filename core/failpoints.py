"""Named moments between two steps that a crash must be able to hit without harm. They do nothing unless a test watches.

A test of crashes watches them and kills or raises at one of them; ``NAMES`` is what it has to have hit.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager

DELIVERY = (
    "delivery.claiming",
    "delivery.claimed",
    "delivery.drawn",
    "delivery.keeping",
    "delivery.kept",
    "delivery.posting",
    "delivery.posted",
    "delivery.settling",
    "delivery.settled",
)
ASKING = ("delivery.drawn", "delivery.keeping", "delivery.kept")
"""Of delivery only what LINE is asked about first passes these: all else is drawn and kept while it is claimed."""
WEBHOOK = ("webhook.storing", "webhook.stored")
CHAT = ("chat.taken", "chat.handling", "chat.handled")
JOBS = ("jobs.working", "jobs.worked")
IMPORT = ("import.read", "import.put")
NAMES = WEBHOOK + CHAT + JOBS + IMPORT + DELIVERY
"""``-ing`` is in the middle of a step, with nothing of it kept; the other form is after it."""

_watchers: list[Callable[[str], None]] = []


def passing(name: str) -> None:
    """Pass a named moment; whoever watches may end or fail the work here."""
    for watch in _watchers:
        watch(name)


@contextmanager
def watched(watch: Callable[[str], None]) -> Iterator[None]:
    """Let ``watch`` hear of every moment passed while the block lasts."""
    _watchers.append(watch)
    try:
        yield
    finally:
        _watchers.remove(watch)
