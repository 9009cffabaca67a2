"""Imports killed at random moments: after each kill the whole list is in, or nothing of it; then it is put in once."""

from __future__ import annotations

import csv
from collections import Counter
from collections.abc import Callable
from pathlib import Path

from sqlalchemy import func, select

from core.access import system
from core.audit import Door
from core.context import Core
from core.database import Base
from core.dispatches.models import Case, Dispatch
from core.duties.models import Duty
from core.imports.service import Kind, import_file
from tests.builders import a_national_id, a_unit
from tests.faults.killing import Killer, Report, harm
from tests.faults.places import Place

ROWS = 8
KILLED = 8  # children a file, at most
UNIT = "S1"
TABLES: tuple[type[Base], ...] = (Case, Dispatch, Duty)


def run(place: Place, kills: int) -> Report:
    """Kill imports so many times; look after each that nothing is half in, and at the end that all is in once."""
    begin(place.core)
    killer, half, files = Killer(place.core, place.chance, place.seconds), 0, 0
    whole_after_kill = 0
    while not killer.is_done(kills):
        path, before = a_list(place.folder, files), _counts(place.core)
        files += 1
        for _ in range(KILLED):
            was_killed = killer.take(work(place.core, path))
            after = _counts(place.core)
            half += after not in (before, _with(before))
            whole_after_kill += was_killed and after == _with(before)
            if not was_killed:
                break
        work(place.core, path)()
    left = missing(place.core, files)
    found = Counter({"half in": half, "lost": max(left, 0), "doubled": max(-left, 0)})
    seen = Counter({"files": files, "kills after the end": whole_after_kill})
    return Report(f"import on {place.kind}", killer, +found + harm(place.core), seen)


def begin(core: Core) -> None:
    """Store the unit that the lists name."""
    a_unit(core, code=UNIT)


def missing(core: Core, files: int) -> int:
    """Return how many rows of so many lists are not in; less than none if some are in twice."""
    return ROWS * files - _counts(core)[Dispatch.__tablename__]


def work(core: Core, path: Path) -> Callable[[], None]:
    """Return the import of a list, as work to be done."""

    def put_in() -> None:
        with core.transaction(system("import"), Door.COMMAND) as ctx:
            import_file(ctx, Kind.DISPATCHES, path)

    return put_in


def _counts(core: Core) -> dict[str, int]:
    with core.store.reading() as session:
        return {table.__tablename__: session.scalar(select(func.count()).select_from(table)) or 0 for table in TABLES}


def _with(before: dict[str, int]) -> dict[str, int]:
    """Return the counts once one more list is in: each row is a case, a dispatch and what is owed for it."""
    return {name: count + ROWS for name, count in before.items()}


def a_list(folder: Path, number: int) -> Path:
    """Write the list of this number, instead of the one before it."""
    path = folder / "list.csv"
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.DictWriter(file, _row(0))
        writer.writeheader()
        writer.writerows(_row(number * ROWS + each) for each in range(ROWS))
    return path


def _row(number: int) -> dict[str, str]:
    return {
        "案件編號": f"WK{number:05}",
        "通報單位": "派出所",
        "受理日期": "115/02/28",
        "派案日期": "115/03/01",
        "案主姓名": "王小明",
        "身分證統號": a_national_id(number % 10_000),
        "戶內人口": "王小明、王大明",
        "居住地區": "永和區",
        "單位代碼": UNIT,
        "個管人員": "陳怡君",
        "開案情形": "",
        "案件狀態": "待回覆",
        "需評估單": "否",
        "服務對象": "",
    }
