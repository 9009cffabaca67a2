"""``make faults``: work killed at random moments, and what came of it. A finding ends the run with status 1.

``python -m tests.faults delivery=2000 sweep=100`` names the work and how often it is killed; ``--postgresql`` has it
done on a PostgreSQL of its own, ``--server`` on that one. Without names all is killed at length, on both databases.
"""

from __future__ import annotations

import argparse
import gc
import logging
import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from functools import partial
from importlib import import_module

from bot.logs import set_up_logs
from tests.databases import close_run, has_own_server, open_run, server_address, start_server_again
from tests.faults.killing import Report
from tests.faults.places import SEED, Place, chance_of, on_postgresql, on_sqlite

WORK = {
    "delivery": "outbox",
    "talk": "talking",
    "sweep": "sweeping",
    "import": "importing",
    "failpoints": "striking",
    "upgrade": "migrating",
    "whole": "whole",
}
"""Each work's module. It is loaded when its turn comes: a fork copies the tables of all that is loaded, used or not."""


AT_LENGTH = {
    "delivery": 8_000,
    "talk": 1_000,
    "sweep": 500,
    "import": 500,
    "upgrade": 200,
    "failpoints": 1,
    "whole": 200,
}
ON_POSTGRESQL = {"delivery": 1_000, "talk": 200, "sweep": 100, "import": 100, "upgrade": 100, "whole": 200}


@dataclass(frozen=True)
class Way:
    """How everything is killed: by which chance, and how long at most (None: until it is done)."""

    seed: int
    seconds: float | None
    restart: Callable[[], None] | None = None
    """Ends the run's own server, and has it come back."""


def main() -> int:
    """Run what is asked for and print a line for each; return 1 when something is wrong."""
    parser = argparse.ArgumentParser(prog="python -m tests.faults")
    parser.add_argument("work", nargs="*", type=_asked, help="e.g. delivery=2000; all at length if none is named")
    parser.add_argument("--server", default="", help="PostgreSQL's address, with {} for the database's name")
    parser.add_argument("--postgresql", action="store_true", help="on a PostgreSQL made for the run")
    parser.add_argument("--seed", type=int, default=SEED, help="another number: other moments, words and faults")
    parser.add_argument("--seconds", type=float, help="kill each work no longer than this, however often that is")
    given = parser.parse_args()
    set_up_logs(level=logging.CRITICAL)  # what is tried and failed here fills screens
    print(f"seed {given.seed}", flush=True)  # noqa: T201 (its output is what the command is for)
    way = Way(given.seed, given.seconds)
    with ExitStack() as stack:
        server = given.server
        if given.postgresql:
            server, restart = stack.enter_context(_own_server())
            way = replace(way, restart=restart)
        reports = _named(given.work, server, way) if given.work else _all_at_length(way)
        return 1 if [report for report in reports if not _is_well(report)] else 0


def _asked(word: str) -> tuple[str, int]:
    name, _, kills = word.partition("=")
    if name not in WORK or not kills.isdigit():
        raise argparse.ArgumentTypeError(f"{word}: not one of {', '.join(WORK)} with = and a number")
    return name, int(kills)


def _named(asked: Iterable[tuple[str, int]], server: str, way: Way) -> Iterator[Report]:
    for name, kills in asked:
        with on_postgresql(server) if server else on_sqlite() as place:
            there = replace(place, seconds=way.seconds, chance=chance_of(way.seed), restart=way.restart)
            yield _run_of(name)(there, kills)


def _run_of(name: str) -> Callable[[Place, int], Report]:
    run: Callable[[Place, int], Report] = import_module(f"tests.faults.{WORK[name]}").run
    gc.collect()
    gc.freeze()  # what was loaded stays: nobody looks through it again, and the parent's pages stay the children's
    return run


def _all_at_length(way: Way) -> Iterator[Report]:
    yield from _named(AT_LENGTH.items(), "", way)
    with _own_server() as (server, restart):
        yield from _named(ON_POSTGRESQL.items(), server, replace(way, restart=restart))


@contextmanager
def _own_server() -> Iterator[tuple[str, Callable[[], None] | None]]:
    """Give the address of a PostgreSQL that is there for this run, and what restarts it; None: it is a given one."""
    run = open_run()
    try:
        server = server_address(run)
        yield server, partial(start_server_again, run) if has_own_server(run) else None
    finally:
        close_run(run)


def _is_well(report: Report) -> bool:
    print(report, flush=True)  # noqa: T201 (its output is what the command is for)
    return report.is_well


if __name__ == "__main__":
    sys.exit(main())
