"""``python -m tests.city``: months of the city, one a seed, until they are done or the time is over.

A month in which something does not hold is printed with its seed, and the run ends with status 1. Strings are hashed
alike in every run, so that a seed is the same month again.
"""

from __future__ import annotations

import argparse
import os
import sys
import traceback
from collections import Counter
from collections.abc import MutableMapping
from time import perf_counter, process_time
from typing import Any, NoReturn

import structlog

from tests.city.ground import ground
from tests.city.month import DAYS, Ground, Lived, Month, Wrong

HASHES = "PYTHONHASHSEED"


def main() -> int:
    """Live the months that are asked for; return 1 when something was wrong in one."""
    parser = argparse.ArgumentParser(prog="python -m tests.city")
    parser.add_argument("--first", type=int, default=1, help="the first seed")
    parser.add_argument("--months", type=int, default=50, help="how many seeds from there on")
    parser.add_argument("--days", type=int, default=DAYS, help="so many of each month")
    parser.add_argument("--seconds", type=float, default=float("inf"), help="begin no month after so long")
    parser.add_argument("--postgresql", action="store_true", help="on a PostgreSQL made for the run")
    given = parser.parse_args()
    if os.environ.get(HASHES) != "0":
        os.execve(sys.executable, [sys.executable, "-m", "tests.city", *sys.argv[1:]], os.environ | {HASHES: "0"})  # noqa: S606 (this same program)
    structlog.configure(processors=[_drop])
    begun, wrong, lived = perf_counter(), 0, Counter[str]()
    with ground(postgresql=given.postgresql) as place:
        for seed in range(given.first, given.first + given.months):
            if perf_counter() - begun > given.seconds:
                break
            month = _lived(place, seed, given.days)
            wrong += month is None
            lived += Counter({"months": 1}) + (month.counts if month else Counter())
    counted = ", ".join(f"{count:,} {what}" for what, count in lived.items())
    print(f"{counted}: {wrong} wrong; {process_time() / max(lived['months'], 1):.1f} s of work each")  # noqa: T201 (its output is what the command is for)
    return 1 if wrong else 0


def _lived(place: Ground, seed: int, days: int) -> Lived | None:
    try:
        return Month(place, seed, days).live()
    except Wrong as error:
        traceback.print_exception(error)
        sys.stderr.flush()
        return None


def _drop(_logger: object, _name: str, _event: MutableMapping[str, Any]) -> NoReturn:
    """Write no log: it was scanned on its way here."""
    raise structlog.DropEvent


if __name__ == "__main__":
    sys.exit(main())
