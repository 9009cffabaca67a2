"""Where months are lived: a database in memory where the machine has such a folder, keys that stay the same."""

from __future__ import annotations

import base64
import gc
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from core.context import Core
from core.policy import Policy
from core.secrets import Vault
from tests.city.house import HouseClock, a_web
from tests.city.month import Ground
from tests.city.people import found
from tests.databases import SqliteFiles, kept
from tests.faults.places import MEMORY, MORNING

KEY = base64.b64encode(b"data key for tests of 32 bytes..").decode()


@contextmanager
def ground() -> Iterator[Ground]:
    """Give the ground for any number of months, one after the other."""
    with ExitStack() as stack:
        shared = MEMORY if MEMORY.is_dir() else None
        folder = stack.enter_context(TemporaryDirectory(prefix="frontdoor-city-", dir=shared))
        store = stack.enter_context(SqliteFiles(Path(folder)).empty())
        clock = HouseClock(MORNING)
        core = Core(store, Vault("a secret key for tests, long enough", [KEY]), Policy(), clock)
        city = found(core, clock)
        gc.freeze()  # what stays for all months is looked through no more
        yield Ground(core, clock, a_web(core), city, kept(store))
