"""Where months are lived: keys that stay the same, and a database of either kind that is put back for each month.

SQLite's lies in memory where the machine has such a folder; PostgreSQL's is on a server made for the run.
"""

from __future__ import annotations

import base64
import gc
import os
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from unittest.mock import patch

from core.context import Core
from core.database import Store
from core.notices import merging
from core.policy import Policy
from core.secrets import Vault
from scheduler import batches
from tests.city.house import HouseClock, Inline, a_web
from tests.city.month import Ground
from tests.city.people import found
from tests.databases import PostgresDatabase, SqliteFiles, close_run, kept, kept_rows, open_run, server_address
from tests.faults.places import MEMORY, MORNING

MANY = 3
"""So few people already make a request to many here."""
KEY = base64.b64encode(b"data key for tests of 32 bytes..").decode()


@contextmanager
def ground(*, postgresql: bool = False) -> Iterator[Ground]:
    """Give the ground for any number of months, one after the other."""
    with ExitStack() as stack:
        stack.callback(setattr, merging, "MULTICAST_LEAST", merging.MULTICAST_LEAST)
        merging.MULTICAST_LEAST = MANY
        stack.enter_context(patch.object(batches, "ThreadPoolExecutor", Inline))
        store, keep = stack.enter_context(_on_postgresql() if postgresql else _on_sqlite())
        clock = HouseClock(MORNING)
        core = Core(store, Vault("a secret key for tests, long enough", [KEY]), Policy(), clock)
        city = found(core, clock)
        gc.freeze()  # what stays for all months is looked through no more
        yield Ground(core, clock, a_web(core), city, keep())


Keep = Callable[[], Callable[[], None]]
"""Keeps what a database holds now; what it returns puts that back."""


@contextmanager
def _on_sqlite() -> Iterator[tuple[Store, Keep]]:
    memory = MEMORY if MEMORY.is_dir() else None
    with (
        TemporaryDirectory(prefix="frontdoor-city-", dir=memory) as folder,
        SqliteFiles(Path(folder)).empty() as store,
    ):
        yield store, lambda: kept(store)


@contextmanager
def _on_postgresql() -> Iterator[tuple[Store, Keep]]:
    with ExitStack() as stack:
        run = open_run()
        stack.callback(close_run, run)
        database = PostgresDatabase(server_address(run), f"frontdoor_city_{os.getpid()}")
        stack.callback(database.drop)
        store = stack.enter_context(database.empty())

        def keep() -> Callable[[], None]:
            bring = kept_rows(store)

            def put_back() -> None:
                with database.empty():
                    bring()

            return put_back

        yield store, keep
