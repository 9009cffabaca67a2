"""A56: two schedulers and four workers at once, one stopped in the middle of sending and woken after its lease."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path
from threading import Barrier, Event, Lock, Thread, current_thread

import pytest
from sqlalchemy import func, select

from core.accounts.models import Permission, Unit
from core.clock import FixedClock, SystemClock
from core.context import Core
from core.database import Store
from core.failpoints import watched
from core.notices.channel import Done, Request
from core.notices.models import Notice, NoticeDuty, NoticeState
from core.policy import Policy
from core.secrets import Vault
from scheduler import runner
from scheduler.delivery import Delivery
from tests.builders import a_bound_account, a_check
from tests.duties import owe
from tests.faults.ledger import Ledger, LedgerLine, LedgerMail
from tests.faults.places import chance_of

pytestmark = pytest.mark.postgres
PERMISSIONS = (Permission.CASEWORKER, Permission.MEAL_CHECKS)
PEOPLE, WORKERS = 12, 4
STOPPED, PATIENCE = "the worker that is stopped", 30
LEASE_OVER = timedelta(seconds=61)
AT_LINE = Lock()


@pytest.fixture
def core(postgres_store: Store, vault: Vault, clock: FixedClock) -> Core:
    core = Core(postgres_store, vault, Policy(), clock)
    for _ in range(PEOPLE):
        bound = a_bound_account(core, permissions=PERMISSIONS)
        with core.store.reading() as session:
            unit = session.get_one(Unit, bound.account.unit_id)
        owe(core, a_check(core, unit))
    clock.move(timedelta(minutes=1))
    return core


@pytest.fixture
def ledger(tmp_path: Path) -> Iterator[Ledger]:
    ledger = Ledger(tmp_path / "accepted")
    yield ledger
    assert ledger.changed() == 0


class OneLine(LedgerLine):
    """LINE, which never fails and knows what any of the workers sent."""

    def post(self, requests: Sequence[Request], done: Done) -> None:
        with AT_LINE:
            self.ledger.look()
            super().post(requests, done)


def send(core: Core, ledger: Ledger) -> None:
    line = OneLine(ledger=Ledger(ledger.path), chance=chance_of(1), fails_in=10**9)
    mail = LedgerMail(ledger=Ledger(ledger.path))
    worker = Delivery(core, line, mail, "http://127.0.0.1:8000", SystemClock())
    worker.run()
    worker.close()


def test_a56_two_schedulers_at_once_gather_and_say_everything_once(core: Core) -> None:
    together = Barrier(2)

    def tick(_: int) -> None:
        together.wait()
        runner.run_due(core)

    with ThreadPoolExecutor(2) as schedulers:
        list(schedulers.map(tick, range(2)))
    with core.store.reading() as session:
        told = session.execute(select(NoticeDuty.duty_id, func.count()).group_by(NoticeDuty.duty_id)).all()
    assert [count for _, count in told] == [1] * PEOPLE


@pytest.mark.parametrize("moment", ["delivery.claimed", "delivery.posting"])
def test_a56_a_worker_stopped_past_its_lease_and_woken_says_nothing_twice(
    core: Core, clock: FixedClock, ledger: Ledger, moment: str
) -> None:
    runner.run_due(core)
    stopped, woken = Event(), Event()

    def stop(name: str) -> None:
        if name == moment and current_thread().name == STOPPED and not stopped.is_set():
            stopped.set()
            assert woken.wait(PATIENCE)

    sleeper = Thread(target=send, args=(core, ledger), name=STOPPED)
    with watched(stop):
        sleeper.start()
        assert stopped.wait(PATIENCE)
        clock.move(LEASE_OVER)
        with ThreadPoolExecutor(WORKERS - 1) as others:
            list(others.map(lambda _: send(core, ledger), range(WORKERS - 1)))
        before = _fates(core)
        woken.set()
        sleeper.join(PATIENCE)
    heard = ledger.heard()
    assert set(before) == {NoticeState.ACCEPTED}
    assert _fates(core) == before
    assert len({who for who, _ in heard}) == PEOPLE
    assert set(heard.values()) == {1}


def _fates(core: Core) -> list[NoticeState]:
    with core.store.reading() as session:
        return list(session.scalars(select(Notice.state).order_by(Notice.id)))
