"""A bucket page and its counts with 1,000,000 dispatches in the table against the same with 10,000."""

from __future__ import annotations

from collections.abc import Iterator
from time import perf_counter

from core.access import Actor
from core.accounts.queries import actor_of
from core.audit import Door
from core.context import Core
from core.database import Store
from core.dispatches import queries
from core.dispatches.models import Dispatch, DispatchBucket, DispatchState
from tests.bench.figures import Figure
from tests.bench.filling import TODAY, a_city, a_core, dispatches, fill
from tests.builders import a_dispatch, a_unit, an_account, owe

FEW, MANY = 10_000, 1_000_000
OWN = 60  # what the asking school itself has
ROUNDS = 9


def figures(store: Store) -> Iterator[Figure]:
    """Yield the ratio for a school whose own share stays the same while the city's table grows."""
    core = a_core(store)
    units, case_id = a_city(core)
    school = a_unit(core, "清溪國民小學")
    caseworker = an_account(core, school)
    for _ in range(OWN):
        owe(core, a_dispatch(core, school))
    with core.store.reading() as session:
        actor = actor_of(session, caseworker.id, TODAY)
    assert actor is not None
    fill(core, Dispatch, dispatches(units, case_id, FEW, DispatchState.ANSWERED))
    small = sorted(_seconds(core, actor) for _ in range(ROUNDS))[ROUNDS // 2]
    fill(core, Dispatch, dispatches(units, case_id, MANY - FEW, DispatchState.ANSWERED, FEW))
    large = sorted(_seconds(core, actor) for _ in range(ROUNDS))[ROUNDS // 2]
    name = f"{store.url.get_backend_name()}: bucket page and counts, {MANY:,} dispatches / {FEW:,}"
    yield Figure(name, large / small, f"{large * 1000:.1f} ms against {small * 1000:.1f} ms", most=1.5)


def _seconds(core: Core, actor: Actor) -> float:
    """Return the seconds of one page of what waits and all counts."""
    begun = perf_counter()
    with core.transaction(actor, Door.CHAT) as ctx:
        queries.buckets(ctx)
        queries.in_bucket(ctx, DispatchBucket.WAITING)
    return perf_counter() - begun
