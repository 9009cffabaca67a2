"""Where a run of kills takes place: a fresh database of either kind, keys, a standing clock and a seeded chance."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory

from core.clock import TAIPEI, FixedClock
from core.context import Core
from core.database import Store
from core.policy import Policy
from core.secrets import Vault, new_key, new_token
from tests.databases import PostgresDatabase, SqliteFiles

MEMORY = Path("/dev/shm")  # noqa: S108 (a kill is no power cut: what the disk's own wait adds cannot be seen here)
MORNING = datetime(2026, 3, 4, 10, 0, tzinfo=TAIPEI)
SEED = 20261122


@dataclass(frozen=True)
class Place:
    """One run's surroundings."""

    core: Core
    clock: FixedClock
    folder: Path
    chance: Random
    seconds: float | None = None
    """How long work may be killed here; None: as often as is asked."""
    restart: Callable[[], None] | None = None
    """Ends the database's server at once, and has it come back; None: it is not the run's own, or there is none."""

    @property
    def kind(self) -> str:
        """The kind of database."""
        return "SQLite" if self.core.store.is_sqlite else "PostgreSQL"


def chance_of(seed: float) -> Random:
    """Return a source of chance that gives the same again for the same seed."""
    return Random(seed)  # noqa: S311 (nothing secret is made of it)


@contextmanager
def on_sqlite() -> Iterator[Place]:
    """Give a place on a fresh SQLite database."""
    with _folder() as folder, SqliteFiles(folder).empty() as store:
        yield _place(store, folder)


@contextmanager
def on_postgresql(server: str) -> Iterator[Place]:
    """Give a place on a fresh database of a server; ``{}`` stands in its address for the database's name."""
    database = PostgresDatabase(server, f"frontdoor_faults_{new_token()[:8].lower()}")
    try:
        with _folder() as folder, database.empty() as store:
            yield _place(store, folder)
    finally:
        database.drop()


def _place(store: Store, folder: Path) -> Place:
    clock = FixedClock(MORNING)
    return Place(Core(store, Vault(new_token(), [new_key()]), Policy(), clock), clock, folder, chance_of(SEED))


@contextmanager
def _folder() -> Iterator[Path]:
    with TemporaryDirectory(prefix="frontdoor-faults-", dir=MEMORY if MEMORY.is_dir() else None) as folder:
        yield Path(folder)
