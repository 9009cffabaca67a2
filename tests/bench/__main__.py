"""``make bench``: claims of speed as commands that anyone can run again. Every figure is a ratio within one run.

Both databases wait for the disk, as a house's do. These machines are shared and noisy, so absolute times say little:
each measurement is held against a peer measured in the same run, taking turns, by medians. A target missed ends the run
with status 1. All of it takes half an hour on two cores; ``python -m tests.bench digests sending`` runs only the parts
of these names.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from collections.abc import Set as AbstractSet
from contextlib import ExitStack, contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from core.database import Store
from tests.bench import (
    alike,
    answering,
    buckets,
    codes,
    deadlines,
    digests,
    helpdesk,
    sending,
    sweeping,
    understanding,
    webhook,
)
from tests.bench.figures import Figure
from tests.databases import PostgresDatabase, SqliteFiles, close_run, open_run, server_address

SIZES = ("few", "many")
BENCHES: tuple[Callable[[Store, Store], Iterator[Figure]], ...] = (
    buckets.figures,
    sweeping.figures,
    digests.figures,
    codes.figures,
    alike.figures,
    helpdesk.figures,
    sending.figures,
    webhook.figures,
    answering.figures,
)


def main() -> int:
    """Run every measurement, print one line each, and return 1 when a target was missed."""
    missed, names = 0, set(sys.argv[1:])
    for figure in _figures(names):
        print(figure, flush=True)  # noqa: T201 (its output is what the command is for)
        missed += not figure.holds
    return 1 if missed else 0


def _figures(names: AbstractSet[str]) -> Iterator[Figure]:
    """Yield the figures of the parts of these names, of all without names."""
    for alone in (deadlines, understanding):
        if _is_asked(alone.figures, names):
            yield from alone.figures()
    for bench in (each for each in BENCHES if _is_asked(each, names)):
        with _sqlite() as (few, many):
            yield from bench(few, many)
        with _postgresql() as (few, many):
            yield from bench(few, many)


def _is_asked(bench: Callable[..., Iterator[Figure]], names: AbstractSet[str]) -> bool:
    return not names or bench.__module__.rpartition(".")[2] in names


@contextmanager
def _sqlite() -> Iterator[tuple[Store, Store]]:
    """Give two databases, one to be filled with few rows and one with many, so that both are timed in turns."""
    with TemporaryDirectory(prefix="frontdoor-bench-") as folder, ExitStack() as open_stores:
        files = (SqliteFiles(_made(Path(folder) / name), durable=True) for name in SIZES)
        few, many = (open_stores.enter_context(each.empty()) for each in files)
        yield few, many


@contextmanager
def _postgresql() -> Iterator[tuple[Store, Store]]:
    run = open_run()
    try:
        with ExitStack() as open_stores:
            server = server_address(run, durable=True)
            few, many = (open_stores.enter_context(_database(server, name)) for name in SIZES)
            yield few, many
    finally:
        close_run(run)


@contextmanager
def _database(server: str, name: str) -> Iterator[Store]:
    database = PostgresDatabase(server, f"frontdoor_bench_{name}")
    with database.empty() as store:
        yield store
    database.drop()


def _made(folder: Path) -> Path:
    folder.mkdir()
    return folder


if __name__ == "__main__":
    sys.exit(main())
