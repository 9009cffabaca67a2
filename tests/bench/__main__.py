"""``make bench``: claims of speed as commands that anyone can run again. Every figure is a ratio within one run.

These machines are shared and noisy, so absolute times say little: each measurement is held against a peer measured in
the same run, taking turns, by medians. A target missed ends the run with status 1.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from core import migrations
from core.database import Store
from tests.bench import buckets, deadlines, sweeping
from tests.bench.figures import Figure
from tests.databases import PostgresDatabase, close_run, open_run, server_address

BENCHES: tuple[Callable[[Store], Iterator[Figure]], ...] = (buckets.figures, sweeping.figures)


def main() -> int:
    """Run every measurement, print one line each, and return 1 when a target was missed."""
    missed = 0
    for figure in _figures():
        print(figure, flush=True)  # noqa: T201 (its output is what the command is for)
        missed += not figure.holds
    return 1 if missed else 0


def _figures() -> Iterator[Figure]:
    yield from deadlines.figures()
    for bench in BENCHES:
        with _sqlite() as store:
            yield from bench(store)
        with _postgresql() as store:
            yield from bench(store)


@contextmanager
def _sqlite() -> Iterator[Store]:
    with TemporaryDirectory(prefix="frontdoor-bench-") as folder:
        store = Store(f"sqlite:///{Path(folder) / 'bench.db'}")
        migrations.upgrade(store)
        yield store
        store.close()


@contextmanager
def _postgresql() -> Iterator[Store]:
    run = open_run()
    try:
        database = PostgresDatabase(server_address(run), "frontdoor_bench")
        with database.empty() as store:
            yield store
        database.drop()
    finally:
        close_run(run)


sys.exit(main())
