"""The morning's digests: gathering, composing and queueing for 10,000 people with 100,000 open duties, and for a tenth.

Every duty is told this morning, ten to each person, ten persons to a unit. What a person costs in the large table is
held against the small one by processor time, ours and the server's: on a shared machine the rest is waiting. The whole
morning is held against a minute by the clock; its note says how much of it was work.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import timedelta
from functools import partial

from sqlalchemy import func, select, update

from bot.long_run import settle_in
from core.accounts.models import Account, CodeChannel, Grant, Permission, Role, Unit, UnitKind
from core.clock import FixedClock
from core.context import Core
from core.database import Store
from core.dispatches.models import Dispatch, DispatchState
from core.duties.models import DigestItem, Duty
from core.duties.plans import DutyKind
from core.notices.models import Notice, NoticeDuty
from scheduler.reminders import collect_reminders, say_digests
from tests.bench.figures import Figure, ratio_of_times, seconds, work
from tests.bench.filling import NOW, Rows, a_core, dispatches, duties, fill
from tests.builders import a_case, a_national_id

FEW, MANY = 1_000, 10_000
DUTIES_A_PERSON, PEOPLE_A_UNIT = 10, 10
ROUNDS = 2
MORNING = NOW.replace(hour=8, minute=30)
SECONDS_AT_MOST = 60.0


@dataclass(frozen=True)
class Town:
    """A filled database and its people."""

    core: Core
    people: int
    took: list[float] = field(default_factory=list)
    """How long each morning was, in seconds."""

    def morning(self) -> float:
        """Make every duty due again, and return the work that this morning's digests take, in seconds a person."""
        with self.core.store.transaction() as session:
            for table in (NoticeDuty, Notice, DigestItem):
                session.query(table).delete()
            session.execute(update(Duty).values(remind_at=MORNING, reminded_at=None))
        begun = work(self.core.store)
        self.took.append(seconds(partial(_say, self.core)))
        worked = work(self.core.store) - begun
        with self.core.store.reading() as session:
            said = session.scalar(select(func.count()).select_from(Notice))
        if said != self.people:
            raise RuntimeError(f"{said} digests were said to {self.people} people")
        return worked / self.people


def figures(few: Store, many: Store) -> Iterator[Figure]:
    """Yield what a digest costs in a large table against a small one, and the large morning against a minute."""
    small, large = _filled(few, FEW), _filled(many, MANY)
    settle_in()  # as a worker does when it starts
    kind = many.url.get_backend_name()
    name = f"{kind}: a person's digest among {MANY:,} people / among {FEW:,}"
    worked: list[float] = []

    def large_morning() -> float:
        worked.append(large.morning())
        return worked[-1]

    yield ratio_of_times(name, large_morning, small.morning, rounds=ROUNDS, most=1.5)
    whole, at_work = min(large.took), min(worked) * large.people
    name = f"{kind}: digests of {MANY:,} people with {MANY * DUTIES_A_PERSON:,} duties / a minute"
    yield Figure(name, whole / SECONDS_AT_MOST, f"{whole:.1f} s, at work {at_work:.1f} s", most=1.0)


def _say(core: Core) -> None:
    collect_reminders(core, MORNING)
    say_digests(core, MORNING)


def _filled(store: Store, people: int) -> Town:
    core = replace(a_core(store), clock=FixedClock(MORNING))
    units = people // PEOPLE_A_UNIT
    fill(core, Unit, _units(units))
    fill(core, Account, _accounts(core, people, units))
    fill(core, Grant, ({"account_id": each, "permission": Permission.CASEWORKER} for each in range(1, people + 1)))
    ids, count = list(range(1, units + 1)), people * DUTIES_A_PERSON
    fill(core, Dispatch, dispatches(ids, a_case(core).id, count, (DispatchState.WAITING,)))
    fill(core, Duty, _duties(ids, count))
    return Town(core, people)


def _units(count: int) -> Rows:
    for number in range(1, count + 1):
        yield {"code": f"U{number:05}", "name": f"第 {number} 國民小學", "kind": UnitKind.SCHOOL, "path": f"/{number}/"}


def _accounts(core: Core, count: int, units: int) -> Rows:
    """Yield the people of the units in turn; names and IDs are the same sealed ones, as nobody reads them here."""
    name, national_id, email = (core.vault.seal(each) for each in ("陳怡君", a_national_id(1), "staff@example.gov.tw"))
    for number in range(1, count + 1):
        yield {
            "code": f"{chr(ord('A') + number // 100_000)}{chr(ord('A') + number // 10_000)}{number % 10_000:04}",
            "unit_id": (number - 1) % units + 1,
            "role": Role.CASEWORKER,
            "name": name,
            "name_key": "same",
            "national_id": national_id,
            "national_id_key": f"id-{number}",
            "email": email,
            "email_key": f"mail-{number}",
            "title": "社工",
            "code_channel": CodeChannel.MAIL,
            "starts_on": NOW.date() - timedelta(days=9),
            "ends_on": NOW.date() + timedelta(days=99),
        }


def _duties(units: list[int], count: int) -> Rows:
    """Yield duties of the dispatches in their order: each of a unit, and of one of its people."""
    for row in duties(units, count, 1, MORNING, DutyKind.REPLY):
        number = int(str(row["subject_id"])) - 1
        place = number % len(units)
        person = place + 1 + (number // len(units) % PEOPLE_A_UNIT) * len(units)
        yield row | {"unit_id": units[place], "account_id": person}
