"""How long confirming a list keeps everybody else from writing on SQLite, which has one writer; a command by itself.

``python -m tests.bench.importing``: a list of as many rows as the desk takes is confirmed, as a form does it. Printed
is how long the transaction takes that holds the writer: for cases that wait, for cases units serve already, for the
same cases once they were answered, and for checks.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory

from core.access import Actor
from core.accounts import queries
from core.accounts.models import Role
from core.audit import Door
from core.context import Core
from core.imports.kinds import Kind
from core.imports.uploads import ROWS_AT_MOST, Ahead, Brought, confirm_upload, keep_upload, read_kept, standing
from tests.bench.figures import seconds, work
from tests.bench.filling import TODAY, UNITS, a_core
from tests.builders import a_unit, an_account
from tests.core.imports.lists import CHECK, DISPATCH, Row, a_csv
from tests.databases import SqliteFiles

TIMES = 3
MOST_SECONDS = 3.0
"""Who sends a message meanwhile waits so long: SQLite lets a writer wait for five seconds, then it gives up."""


def main() -> int:
    """Measure each kind of list, print a line each, and return 1 when one holds the writer for too long."""
    took: dict[str, list[Held]] = {}
    for _ in range(TIMES):
        with _town() as town:
            for name, held in town.measured():
                took.setdefault(name, []).append(held)
    middle = {name: sorted(each)[TIMES // 2] for name, each in took.items()}
    for name, held in middle.items():
        print(f"{ROWS_AT_MOST:,} {name:<40} {held.clock:5.2f} s, at work {held.work:5.2f} s")  # noqa: T201 (its output)
    return 0 if max(held.clock for held in middle.values()) <= MOST_SECONDS else 1


@dataclass(frozen=True, order=True)
class Held:
    """How long the writer was held, in seconds: by the clock, and of that at work, whatever else the machine did."""

    clock: float
    work: float


class _Town:
    """A city's units and its Center, which brings lists in."""

    def __init__(self, core: Core, center: Actor) -> None:
        self.core, self.center = core, center

    def measured(self) -> Iterator[tuple[str, Held]]:
        """Yield how long each list holds the writer."""
        yield "new cases that wait", self._confirms(Kind.DISPATCHES, _cases("A"))
        yield "the same, answered and opened by now", self._confirms(Kind.DISPATCHES, _cases("A", is_open=True))
        yield "new cases, opened already", self._confirms(Kind.DISPATCHES, _cases("B", is_open=True))
        yield "new checks", self._confirms(Kind.CHECKS, _checks())

    def _confirms(self, kind: Kind, rows: Sequence[Row]) -> Held:
        with self.core.transaction(self.center, Door.DESK) as ctx:
            number = keep_upload(ctx, kind, "list.csv", a_csv(rows))
        with self.core.transaction(self.center, Door.DESK) as ctx:
            shown = standing(ctx, number).preview
        assert shown is not None
        with self.core.reading(self.center, Door.DESK) as ctx:
            ahead = read_kept(ctx, number)
        before = work(self.core.store)
        held = seconds(partial(self._confirm, number, shown.digest, ahead))
        return Held(held, work(self.core.store) - before)

    def _confirm(self, number: int, digest: str, ahead: Ahead | None) -> None:
        with self.core.transaction(self.center, Door.DESK) as ctx:
            assert isinstance(confirm_upload(ctx, number, digest, ahead), Brought)


@contextmanager
def _town() -> Iterator[_Town]:
    folder = TemporaryDirectory(prefix="frontdoor-bench-")
    with folder as name, SqliteFiles(Path(name), durable=True).empty() as store:
        core = a_core(store)
        for number in range(UNITS):
            an_account(core, a_unit(core, code=f"S{number}"))
        center = an_account(core, a_unit(core, "高風險中心"), role=Role.CENTER, permissions=())
        with store.reading() as session:
            actor = queries.actor_of(session, center.id, TODAY)
        assert actor is not None
        yield _Town(core, actor)


def _cases(series: str, *, is_open: bool = False) -> list[Row]:
    """Return cases of families of their own, over all units."""
    answered = {"案件狀態": "已回覆", "開案情形": "新接案"} if is_open else {}
    return [
        DISPATCH
        | {
            "案件編號": f"WK{series}{number:04}",
            "身分證統號": "",
            "案主姓名": f"王{series}{number}",
            "戶內人口": f"王{series}{number}、林{series}{number}",
            "單位代碼": f"S{number % UNITS}",
        }
        | answered
        for number in range(ROWS_AT_MOST)
    ]


def _checks() -> list[Row]:
    return [CHECK | {"檢核編號": f"MS{number:05}", "單位代碼": f"S{number % UNITS}"} for number in range(ROWS_AT_MOST)]


if __name__ == "__main__":
    sys.exit(main())
