"""A bucket page and its counts with 1,000,000 dispatches in the table against the same with 10,000.

What is owed is the same in both, as it is in life: ten days' worth. What is settled grows in all units but the quiet
ones, so the lists of a big bureau and of the Center are a hundred times as long, and a quiet one's rows are far down.
Timed is what is asked, without the commit, which costs the same everywhere.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from time import perf_counter

from core.access import Actor, Units
from core.accounts.models import Permission, Role
from core.audit import Door
from core.context import Core
from core.database import Store
from core.dispatches import queries, tallies
from core.dispatches.models import Dispatch, DispatchBucket, DispatchState
from tests.bench.figures import Figure, ratio_of_times
from tests.bench.filling import LONG_AGO, a_city, a_core, dispatches, fill, fill_ended
from tests.builders import a_dispatch, a_unit, inside, owe

FEW, MANY = 10_000, 1_000_000
SCHOOLS, OWN = 10, 12  # so many schools have so many dispatches of their own in each bucket
BEFORE_ALL = LONG_AGO - timedelta(days=1)
ROUNDS = 31
BUCKETS = (DispatchBucket.WAITING, DispatchBucket.ANSWERED, DispatchBucket.CLOSED)
SETTLED = (DispatchState.ANSWERED, DispatchState.CLOSED)


@dataclass(frozen=True)
class City:
    """A filled database, and who asks it."""

    core: Core
    askers: dict[str, Actor]


def figures(few: Store, many: Store) -> Iterator[Figure]:
    """Yield the ratio of a page and all counts for each who asks and each bucket."""
    small, large = _filled(few, FEW), _filled(many, MANY)
    backend = many.url.get_backend_name()
    for who in large.askers:
        for bucket in BUCKETS:
            name = f"{backend}: {who}, {bucket.value} and counts, {MANY:,} / {FEW:,}"
            ours, theirs = partial(_ask, large, who, bucket), partial(_ask, small, who, bucket)
            yield ratio_of_times(name, ours, theirs, rounds=ROUNDS, most=1.5)


def _filled(store: Store, count: int) -> City:
    core = a_core(store)
    units, case_id = a_city(core)
    askers = _askers(core, units)
    fill_ended(core, units, count)
    fill(core, Dispatch, dispatches(units, case_id, count, SETTLED))
    with core.store.transaction() as session:
        tallies.SUMS.count_anew(session)
    return City(core, askers)


def _askers(core: Core, units: list[int]) -> dict[str, Actor]:
    """Return who asks: a school and a bureau with few of their own, a bureau that grows with the city, the Center."""
    quiet = [_school(core, f"清溪第 {number} 國民小學") for number in range(1, SCHOOLS + 1)]
    return {
        "a school": _actor(Role.CASEWORKER, Permission.CASEWORKER, Units(ids=frozenset(quiet[:1]))),
        "a quiet bureau": _actor(Role.SUPERVISOR, Permission.SUPERVISOR, Units(ids=frozenset(quiet))),
        "a big bureau": _actor(Role.SUPERVISOR, Permission.SUPERVISOR, Units(ids=frozenset({*quiet, *units}))),
        "the Center": _actor(Role.CENTER, Permission.CITY, Units(everything=True)),
    }


def _school(core: Core, name: str) -> int:
    """Store a school that has a few dispatches in each bucket, the settled ones older than all others."""
    with inside(core) as ctx:
        school = a_unit(ctx, name)
        for _ in range(OWN):
            owe(ctx, a_dispatch(ctx, school))
        for state in SETTLED:
            for _ in range(OWN):
                a_dispatch(ctx, school, state=state, dispatched_on=BEFORE_ALL)
        return school.id


def _actor(role: Role, permission: Permission, units: Units) -> Actor:
    return Actor(name="bench", role=role, permissions=frozenset({permission}), units=units)


def _ask(city: City, who: str, bucket: DispatchBucket) -> float:
    """Return the seconds that one page and all counts take."""
    with city.core.transaction(city.askers[who], Door.CHAT) as ctx:
        begun = perf_counter()
        queries.buckets(ctx)
        page = queries.in_bucket(ctx, bucket)
        taken = perf_counter() - begun
    assert page.rows, "nothing was shown, so nothing was measured"
    return taken
