"""The sweep for due reminders: 1,000 due of 1,000,000 open duties against 1,000 of 10,000."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from functools import partial

from sqlalchemy import update

from core.access import system
from core.audit import Door
from core.context import Core
from core.database import Store
from core.duties import reminders
from core.duties.models import DigestItem, Duty
from core.duties.plans import DutyKind
from tests.bench.figures import Figure, ratio_of_times, seconds
from tests.bench.filling import NOW, a_city, a_core, duties, fill

DUE, FEW, MANY = 1_000, 10_000, 1_000_000
ROUNDS = 3


def figures(few: Store, many: Store) -> Iterator[Figure]:
    """Yield the ratio of the sweep in a large table to that in a small one."""
    small, large = _filled(few, FEW), _filled(many, MANY)
    name = f"{many.url.get_backend_name()}: sweep of {DUE:,} due of {MANY:,} / of {FEW:,}"
    yield ratio_of_times(name, partial(_timed, large), partial(_timed, small), rounds=ROUNDS, most=1.5)


def _filled(store: Store, count: int) -> Core:
    core = a_core(store)
    units, _ = a_city(core)
    fill(core, Duty, duties(units, DUE, 0, NOW, DutyKind.REPLY))
    fill(core, Duty, duties(units, count - DUE, DUE, NOW + timedelta(days=3), DutyKind.REPLY))
    return core


def _timed(core: Core) -> float:
    """Make the same duties due again, and return the seconds their sweep takes."""
    with core.store.transaction() as session:
        session.execute(update(Duty).where(Duty.subject_id < DUE).values(remind_at=NOW, reminded_at=None))
        session.query(DigestItem).delete()
    return seconds(partial(_sweep, core))


def _sweep(core: Core) -> None:
    done = 0
    while done < DUE:
        with core.transaction(system("bench"), Door.JOB) as ctx:
            done += reminders.collect_reminders(ctx, 50)
