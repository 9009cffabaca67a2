"""A bucket page and its counts with 1,000,000 dispatches, checks or services in the table against the same with 10,000.

What is owed is the same in both, as it is in life: ten days' worth. What is settled grows in all units but the quiet
ones, so the lists of a big bureau and of the Center are a hundred times as long, and a quiet one's rows are far down.
Timed is what is asked, without the commit, which costs the same everywhere.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from time import perf_counter
from typing import Any

from core.access import Actor, Units
from core.accounts.models import Permission, Role
from core.audit import Door
from core.checks import queries as checks_asked
from core.checks import tallies as check_tallies
from core.checks.models import Check, CheckBucket, CheckState
from core.closures import queries as services_asked
from core.closures import tallies as service_tallies
from core.closures.kinds import ClosureBucket
from core.context import Context, Core
from core.database import Store
from core.dispatches import queries as dispatches_asked
from core.dispatches import tallies
from core.dispatches.models import Dispatch, DispatchBucket, DispatchState, Opened
from core.paging import Page
from tests.bench.figures import Figure, ratio_of_times
from tests.bench.filling import LONG_AGO, a_city, a_core, checks, closed_services, dispatches, fill, fill_ended
from tests.builders import a_case, a_check, a_dispatch, a_unit, inside
from tests.duties import owe

FEW, MANY = 10_000, 1_000_000
SCHOOLS, OWN = 10, 12  # so many schools have so many dispatches of their own in each bucket
BEFORE_ALL = LONG_AGO - timedelta(days=1)
ROUNDS = 31
NEEDS = (True, False)
CASEWORK = frozenset({Permission.CASEWORKER, Permission.MEAL_CHECKS})
SETTLED = (DispatchState.ANSWERED, DispatchState.CLOSED)


@dataclass(frozen=True)
class Question:
    """What is asked: the counts of an area, and a page of one of its buckets."""

    name: str
    counts: Callable[[Context], object]
    page: Callable[[Context], Page[Any]]


QUESTIONS = (
    *(
        Question(f"{each.value} dispatches", dispatches_asked.buckets, partial(dispatches_asked.in_bucket, bucket=each))
        for each in (DispatchBucket.WAITING, DispatchBucket.ANSWERED, DispatchBucket.CLOSED)
    ),
    *(
        Question(f"{each.value} checks", checks_asked.buckets, partial(checks_asked.in_bucket, bucket=each))
        for each in (CheckBucket.WITH_NEED, CheckBucket.WITHOUT_NEED)
    ),
    Question("closed services", services_asked.buckets, partial(services_asked.in_bucket, bucket=ClosureBucket.CLOSED)),
)


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
        for question in QUESTIONS:
            name = f"{backend}: {who}, {question.name}, {MANY:,} / {FEW:,}"
            ours, theirs = partial(_ask, large, who, question), partial(_ask, small, who, question)
            yield ratio_of_times(name, ours, theirs, rounds=ROUNDS, most=1.5)


def _filled(store: Store, count: int) -> City:
    core = a_core(store)
    units, case_id = a_city(core)
    askers = _askers(core, units)
    fill_ended(core, units, count)
    fill(core, Dispatch, dispatches(units, case_id, count, SETTLED))
    fill(core, Check, checks(core, units, count))
    fill(core, Opened, closed_services(core, units, case_id, count))
    with core.store.transaction() as session:
        for area in (tallies, check_tallies, service_tallies):
            area.SUMS.count_anew(session)
    return City(core, askers)


def _askers(core: Core, units: list[int]) -> dict[str, Actor]:
    """Return who asks: a school and a bureau with few of their own, a bureau that grows with the city, the Center."""
    quiet = [_school(core, f"清溪第 {number} 國民小學") for number in range(1, SCHOOLS + 1)]
    return {
        "a school": _actor(Role.CASEWORKER, CASEWORK, Units(ids=frozenset(quiet[:1]))),
        "a quiet bureau": _actor(Role.SUPERVISOR, {Permission.SUPERVISOR}, Units(ids=frozenset(quiet))),
        "a big bureau": _actor(Role.SUPERVISOR, {Permission.SUPERVISOR}, Units(ids=frozenset({*quiet, *units}))),
        "the Center": _actor(Role.CENTER, {Permission.CITY}, Units(everything=True)),
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
        for number in range(OWN * len(NEEDS)):
            a_check(ctx, school, number=f"{name}-{number}", state=CheckState.CHECKED, has_need=number < OWN)
        case = a_case(ctx, number=name)
        ctx.session.flush()
        case_id, school_id = case.id, school.id
    fill(core, Opened, closed_services(core, [school_id], case_id, OWN))
    return school_id


def _actor(role: Role, permissions: Iterable[Permission], units: Units) -> Actor:
    return Actor(name="bench", role=role, permissions=frozenset(permissions), units=units)


def _ask(city: City, who: str, question: Question) -> float:
    """Return the seconds that one page and all counts take."""
    with city.core.transaction(city.askers[who], Door.CHAT) as ctx:
        begun = perf_counter()
        question.counts(ctx)
        page = question.page(ctx)
        taken = perf_counter() - begun
    assert page.rows, "nothing was shown, so nothing was measured"
    return taken
