"""The sweep for due reminders: 1,000 due of 1,000,000 open duties against 1,000 of 10,000."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

from sqlalchemy import update

from core.access import system
from core.audit import Door
from core.context import Core
from core.database import Store
from core.duties import reminders
from core.duties.models import DigestItem, Duty
from core.duties.plans import DutyKind
from tests.bench.figures import Figure, in_turns
from tests.bench.filling import NOW, a_city, a_core, duties, fill

DUE, FEW, MANY = 1_000, 10_000, 1_000_000
ROUNDS = 3


def figures(store: Store) -> Iterator[Figure]:
    """Yield the ratio of the sweep in a large table to that in a small one."""
    core = a_core(store)
    units, _ = a_city(core)
    later = NOW + timedelta(days=3)
    fill(core, Duty, duties(units, DUE, 0, NOW, DutyKind.REPLY))
    fill(core, Duty, duties(units, FEW - DUE, DUE, later, DutyKind.REPLY))
    small = [_timed(core) for _ in range(ROUNDS)]
    fill(core, Duty, duties(units, MANY - FEW, FEW, later, DutyKind.REPLY))
    large = [_timed(core) for _ in range(ROUNDS)]
    mine, theirs = sorted(large)[ROUNDS // 2], sorted(small)[ROUNDS // 2]
    name = f"{store.url.get_backend_name()}: sweep of {DUE:,} due of {MANY:,} / of {FEW:,}"
    yield Figure(name, mine / theirs, f"{mine * 1000:.0f} ms against {theirs * 1000:.0f} ms", most=1.5)


def _timed(core: Core) -> float:
    """Make the same duties due again, and return the seconds their sweep takes."""
    with core.store.transaction() as session:
        session.execute(update(Duty).where(Duty.subject_id < DUE).values(remind_at=NOW, reminded_at=None))
        session.query(DigestItem).delete()
    return in_turns(lambda: _sweep(core), lambda: None, 1)[0]


def _sweep(core: Core) -> None:
    done = 0
    while done < DUE:
        with core.transaction(system("bench"), Door.JOB) as ctx:
            done += reminders.collect_reminders(ctx, 50)
