"""``make faults``: work killed at random moments, and what came of it. A finding ends the run with status 1.

``python -m tests.faults delivery=2000 sweep=100`` names the work and how often it is killed; ``--server`` has it done
on that PostgreSQL. Without names all is killed at length, on both databases.
"""

from __future__ import annotations

import argparse
import logging
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import replace

from bot.logs import set_up_logs
from tests.databases import close_run, open_run, server_address
from tests.faults import importing, outbox, striking, sweeping, talking
from tests.faults.killing import Report
from tests.faults.places import Place, on_postgresql, on_sqlite

WORK: Mapping[str, Callable[[Place, int], Report]] = {
    "delivery": outbox.run,
    "talk": talking.run,
    "sweep": sweeping.run,
    "import": importing.run,
    "failpoints": striking.run,
}


AT_LENGTH = {"delivery": 8_000, "talk": 1_000, "sweep": 500, "import": 500, "failpoints": 1}
ON_POSTGRESQL = {"delivery": 1_000, "talk": 200, "sweep": 100, "import": 100}


def main() -> int:
    """Run what is asked for and print a line for each; return 1 when something is wrong."""
    parser = argparse.ArgumentParser(prog="python -m tests.faults")
    parser.add_argument("work", nargs="*", type=_asked, help="e.g. delivery=2000; all at length if none is named")
    parser.add_argument("--server", default="", help="PostgreSQL's address, with {} for the database's name")
    parser.add_argument("--seconds", type=float, help="kill each work no longer than this, however often that is")
    given = parser.parse_args()
    set_up_logs(level=logging.CRITICAL)  # what is tried and failed here fills screens
    reports = _named(given.work, given.server, given.seconds) if given.work else _all_at_length()
    return 1 if [report for report in reports if not _is_well(report)] else 0


def _asked(word: str) -> tuple[str, int]:
    name, _, kills = word.partition("=")
    if name not in WORK or not kills.isdigit():
        raise argparse.ArgumentTypeError(f"{word}: not one of {', '.join(WORK)} with = and a number")
    return name, int(kills)


def _named(asked: Iterable[tuple[str, int]], server: str, seconds: float | None = None) -> Iterator[Report]:
    for name, kills in asked:
        with on_postgresql(server) if server else on_sqlite() as place:
            yield WORK[name](replace(place, seconds=seconds), kills)


def _all_at_length() -> Iterator[Report]:
    yield from _named(AT_LENGTH.items(), "")
    run = open_run()
    try:
        yield from _named(ON_POSTGRESQL.items(), server_address(run))
    finally:
        close_run(run)


def _is_well(report: Report) -> bool:
    print(report, flush=True)  # noqa: T201 (its output is what the command is for)
    return report.is_well


if __name__ == "__main__":
    sys.exit(main())
