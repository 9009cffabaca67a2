"""Loading the sample month the way an operator would: by importing its files, in their order."""

from __future__ import annotations

from dataclasses import replace
from datetime import time, timedelta
from pathlib import Path

from bot.sample.month import Sample
from bot.sample.write import write, write_list
from core.access import system
from core.audit import Door
from core.clock import FixedClock, taipei_moment
from core.context import Core
from core.imports.service import COLUMNS, Kind, import_file

ACTOR = system("sample")
SEEN_DAYS_AGO = 6
SEEN_AT = time(9, 0)


def load(core: Core, sample: Sample, folder: Path) -> None:
    """Import the sample's lists; raises ``ImportRefused`` when they do not fit what is stored.

    Some replies were seen as returned six days ago: that part of the list is imported as of then, so that their
    correction is late today.
    """
    paths = write(sample, folder)
    before = folder / "returned_before.xlsx"
    write_list(sample.returned_before, COLUMNS[Kind.DISPATCHES], before)
    seen = taipei_moment(sample.today - timedelta(days=SEEN_DAYS_AGO), SEEN_AT)
    _import(core, Kind.UNITS, paths[Kind.UNITS])
    _import(core, Kind.ACCOUNTS, paths[Kind.ACCOUNTS])
    _import(replace(core, clock=FixedClock(seen)), Kind.DISPATCHES, before)
    _import(core, Kind.DISPATCHES, paths[Kind.DISPATCHES])
    _import(core, Kind.CHECKS, paths[Kind.CHECKS])


def _import(core: Core, kind: Kind, path: Path) -> None:
    with core.transaction(ACTOR, Door.COMMAND) as ctx:
        import_file(ctx, kind, path)
