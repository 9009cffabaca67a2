"""The sweep for reminders and the digests, killed until they are done: told is what is told where nobody kills.

A second database, on which the same happens undisturbed, says what should come out.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, time, timedelta
from random import Random

from sqlalchemy import select

from core.accounts.models import Account, Permission, Unit
from core.clock import taipei_date, taipei_moment
from core.context import Core
from core.notices.models import Notice, NoticeDuty, NoticeKind
from scheduler.reminders import collect_reminders, say_digests, tell_unseen
from tests.builders import a_check, a_dispatch, a_unit, an_account
from tests.duties import owe
from tests.faults.killing import Killer, Report, harm
from tests.faults.places import SEED, Place, chance_of, on_sqlite

UNITS = 6
KILLED = 8  # children a round, at most
MORNING = time(8, 30)
Told = Counter[tuple[str, int | None, datetime, tuple[int, ...]]]


def run(place: Place, kills: int) -> Report:
    """Kill the sweep so many times; hold what was said against the same without kills."""
    killer = Killer(place.core, place.chance, place.seconds)
    with on_sqlite() as elsewhere:
        twins = Twins(place, elsewhere)
        while not killer.is_done(kills):
            work = twins.next_morning()
            for _ in range(KILLED):
                if not killer.take(work):
                    break
            twins.end()
        found, told = twins.wrong(), _told(place.core)
    seen = Counter(kind for kind, _, _, _ in told.elements())
    return Report(f"sweep and digests on {place.kind}", killer, found + harm(place.core), seen)


class Twins:
    """The same schools in two places: at one the sweep is disturbed, at the other never."""

    def __init__(self, place: Place, calm: Place) -> None:
        self._place, self._calm = place, replace(calm, core=replace(calm.core, vault=place.core.vault))
        self._schools = [(each, _schools(each.core)) for each in (self._place, self._calm)]
        self._chance = chance_of(SEED)

    def next_morning(self) -> Callable[[], None]:
        """Let a day pass at both; return the sweep at the disturbed place."""
        seed = self._chance.random()
        self._calm.clock.at = self._place.clock.at
        for place, schools in self._schools:
            _next_morning(place, schools, chance_of(seed))
        return _work(self._place)

    def end(self) -> None:
        """Let both sweeps come to their end."""
        _work(self._place)()
        _work(self._calm)()

    def wrong(self) -> Counter[str]:
        """Hold what was told at one against what was told at the other; nothing if all is well."""
        told, should = _told(self._place.core), _told(self._calm.core)
        return +Counter({"lost": (should - told).total(), "told otherwise or twice": (told - should).total()})


def _schools(core: Core) -> list[tuple[Unit, Account]]:
    permissions = (Permission.CASEWORKER, Permission.MEAL_CHECKS)
    units = [a_unit(core, f"第 {number} 國民小學") for number in range(UNITS)]
    return [(unit, an_account(core, unit, permissions=permissions)) for unit in units]


def _next_morning(place: Place, schools: list[tuple[Unit, Account]], chance: Random) -> None:
    """Let a day pass in which some schools get a check that is late, and some a family to answer for."""
    tomorrow = taipei_date(place.clock.now()) + timedelta(days=1)
    place.clock.at = taipei_moment(tomorrow, MORNING)
    for unit, _ in chance.sample(schools, 3):
        owe(place.core, a_check(place.core, unit, assigned_at=place.clock.now() - timedelta(hours=40)))
        owe(place.core, a_dispatch(place.core, unit, dispatched_on=tomorrow - timedelta(days=5)))


def _work(place: Place) -> Callable[[], None]:
    def sweep() -> None:
        now = place.clock.now()
        collect_reminders(place.core, now)
        tell_unseen(place.core, now)
        say_digests(place.core, now)

    return sweep


def _told(core: Core) -> Told:
    with core.store.reading() as session:
        duties: dict[int, list[int]] = defaultdict(list)
        for row in session.execute(select(NoticeDuty.notice_id, NoticeDuty.duty_id)):
            duties[row.notice_id].append(row.duty_id)
        notices = session.scalars(select(Notice).where(Notice.kind.in_((NoticeKind.REMINDER, NoticeKind.DIGEST))))
        return Counter(
            (each.kind.value, each.account_id, each.created_at, tuple(sorted(duties[each.id]))) for each in notices
        )
