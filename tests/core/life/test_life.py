"""Random staff at work, on both databases: everything holds after every step (issue 3, DUTY-2).

What holds stands in ``holding.py``, what may happen in ``cases.py``, ``services.py`` and ``meals.py``. ``make test``
runs a few short lives. A longer search: ``LIFE_RUNS=200 LIFE_STEPS=60 make check TEST=tests/core/life``; what it finds
is cut down to the fewest steps, which takes minutes.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager

import pytest
from hypothesis import HealthCheck, settings
from hypothesis.stateful import run_state_machine_as_test

from core.clock import FixedClock
from core.context import Core
from core.database import Store
from core.policy import Policy
from core.secrets import Vault
from tests.conftest import PLAIN_DAY
from tests.core.life.meals import Life
from tests.core.life.town import Town, a_town
from tests.databases import PostgresDatabase, SqliteFiles

RUNS = int(os.environ.get("LIFE_RUNS", "10"))
STEPS = int(os.environ.get("LIFE_STEPS", "30"))
SIZE = settings(
    max_examples=RUNS, stateful_step_count=STEPS, deadline=None, database=None, suppress_health_check=list(HealthCheck)
)


def live(stores: Callable[[], AbstractContextManager[Store]], vault: Vault) -> None:
    @contextmanager
    def town() -> Iterator[Town]:
        clock = FixedClock(PLAIN_DAY)
        with stores() as store:
            yield a_town(Core(store, vault, Policy(), clock), clock)

    class LifeHere(Life):
        def __init__(self) -> None:
            super().__init__(town)

    run_state_machine_as_test(LifeHere, settings=SIZE)


@pytest.mark.timeout(60 * RUNS)
def test_everything_holds_whatever_the_staff_do_on_sqlite(sqlite_files: SqliteFiles, vault: Vault) -> None:
    live(sqlite_files.empty, vault)


@pytest.mark.postgres
@pytest.mark.timeout(60 * RUNS)
def test_everything_holds_whatever_the_staff_do_on_postgresql(
    postgres_database: PostgresDatabase, vault: Vault
) -> None:
    live(postgres_database.empty, vault)
