"""The jobs that tell duties: one transaction a batch, batch after batch until nothing is left."""

from __future__ import annotations

from datetime import datetime

from core.context import Core
from core.duties import digests, reminders, telling, unseen
from scheduler.batches import by_two_hands, in_batches

DUTIES_A_BATCH = 500  # they are only gathered: nothing is drawn or opened
DIGESTS_A_BATCH = 50  # what a unit sees is looked up and drawn once
PEOPLE_A_BATCH = 5  # each opens names and draws cards: on SQLite other writers wait while a batch works


def collect_reminders(core: Core, now: datetime) -> int:
    """Gather every duty whose moment has come by ``now``, and say what is urgent; return how many duties and people.

    What was gathered is said also when the sweep fails half-way: a duty that cannot be told holds up no other's.
    """
    gathered = said = 0
    try:
        gathered = by_two_hands(core, now, "collect_reminders", lambda: reminders.collect_reminders, DUTIES_A_BATCH)
    finally:
        said = in_batches(core, now, "say_reminders", telling.say_reminders, PEOPLE_A_BATCH)
    return gathered + said


def tell_unseen(core: Core, now: datetime) -> int:
    """Look whether anybody saw the notices of what is due today; return how many duties were looked at."""
    return in_batches(core, now, "tell_unseen", unseen.tell_unseen, DUTIES_A_BATCH)


def say_digests(core: Core, now: datetime) -> int:
    """Say every digest whose time has come by ``now``; return how many were looked at."""
    return by_two_hands(core, now, "say_digests", lambda: digests.Round().say, DIGESTS_A_BATCH)
