"""Facts come in one after the other, also where several systems and an import bring them at once (PostgreSQL)."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from sqlalchemy import func, select
from structlog.testing import capture_logs

from core.clock import FixedClock
from core.context import Core
from core.database import Store
from core.dispatches.models import Case, Dispatch
from core.imports.turns import take_turn
from core.policy import Policy
from core.secrets import Vault
from tests.builders import a_unit
from tests.handlers.api.conftest import DISPATCH, Caller, a_key, application

AT_ONCE = 6
pytestmark = pytest.mark.postgres


@pytest.fixture
def postgres(postgres_store: Store, vault: Vault, policy: Policy, clock: FixedClock) -> Core:
    core = Core(postgres_store, vault, policy, clock)
    a_unit(core, code="S01")
    return core


def test_the_same_dispatch_many_times_at_once_is_one(postgres: Core) -> None:
    key, app, together = a_key(postgres), application(postgres), Barrier(AT_ONCE)

    def sends(_: int) -> int:
        together.wait()
        return Caller(app.test_client(), key).puts("dispatches/WK00017/S01/2026-03-04", DISPATCH).status_code

    with ThreadPoolExecutor(AT_ONCE) as senders:
        statuses = sorted(senders.map(sends, range(AT_ONCE)))
    assert statuses == [200] * (AT_ONCE - 1) + [201]
    with postgres.store.reading() as session:
        assert [session.scalar(select(func.count()).select_from(table)) for table in (Case, Dispatch)] == [1, 1]


def test_while_an_import_runs_one_is_told_to_come_again(postgres: Core, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("core.machines.facts.PATIENCE_SECONDS", 1)
    caller = Caller(application(postgres).test_client(), a_key(postgres))
    with postgres.store.transaction() as importing:
        take_turn(importing)
        with capture_logs():
            answer = caller.puts("dispatches/WK00017/S01/2026-03-04", DISPATCH)
        assert (answer.status_code, answer.headers["Retry-After"]) == (503, "5")
    assert caller.puts("dispatches/WK00017/S01/2026-03-04", DISPATCH).status_code == 201
