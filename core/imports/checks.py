"""The list of meal-station checks (CHK)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select

from core.accounts.flaws import Flaw
from core.accounts.models import Unit
from core.checks.models import CheckState
from core.checks.service import CheckFacts, plan_checks, put_checks
from core.clock import taipei_date
from core.context import Context
from core.imports import cells
from core.imports.ahead import lies_ahead
from core.imports.results import Problem, Put
from core.imports.rows import Column, Numbered, RowReader

CHAIN_AT_MOST, SHOP_AT_MOST, AREA_AT_MOST = 40, 60, 40
COLUMNS = {
    "number": Column("檢核編號", cells.number),
    "assigned_at": Column("分派時間", cells.moment),
    "chain": Column("通報超商別", cells.optional_text(CHAIN_AT_MOST)),
    "shop": Column("門市", cells.optional_text(SHOP_AT_MOST)),
    "area": Column("地區", cells.optional_text(AREA_AT_MOST)),
    "happened_at": Column("發生時間", cells.moment),
    "child_name": Column("兒少姓名", cells.text(cells.NAME_AT_MOST)),
    "born_on": Column("出生日期", cells.optional(cells.day)),
    "unit_code": Column("單位代碼", cells.code()),
    "state": Column("案件狀態", cells.choice(CheckState)),
    "already_high_risk": Column("是否為教育局高風險在案", cells.yes_no),
}

_AHEAD = "分派時間在明天之後。請核對年份並更正。"
_BEFORE_MEAL = "分派時間早於發生時間。請更正其中一個時間。"
_UNBORN = "出生日期晚於發生時間。請更正。"


@dataclass(frozen=True)
class CheckImport:
    """Checks and puts in meal-station checks; ``units`` are the codes that are known."""

    ctx: Context
    units: frozenset[str]

    def read(self, row: RowReader) -> Numbered[CheckFacts] | None:
        """Return a row's facts, or None when a cell is wrong."""
        row.once("number")
        unit = row.get("unit_code", str)
        if unit is not None and unit not in self.units:
            row.refuse("unit_code", Flaw.UNIT_UNKNOWN.text)
        happened, assigned = row.get("happened_at", datetime), row.get("assigned_at", datetime)
        born = row.get("born_on", date)
        if happened and assigned and assigned < happened:
            row.refuse("assigned_at", _BEFORE_MEAL)
        elif assigned and lies_ahead(taipei_date(assigned), self.ctx.today):
            row.refuse("assigned_at", _AHEAD)
        if happened and born and born > taipei_date(happened):
            row.refuse("born_on", _UNBORN)
        return row.made(CheckFacts)

    def problems(self, rows: Sequence[RowReader], right: Sequence[Numbered[CheckFacts]]) -> Iterator[Problem]:  # noqa: ARG002
        """Yield nothing: what is doubled among rows is seen as they are read."""
        yield from ()

    def put(self, rows: Sequence[Numbered[CheckFacts]]) -> Iterator[Put | Problem]:
        """Put the checks in."""
        yield from put_checks(self.ctx, [row.facts for row in rows])

    def plan(self, rows: Sequence[Numbered[CheckFacts]]) -> Iterator[Put]:
        """Say what putting the checks in would do."""
        yield from plan_checks(self.ctx, [row.facts for row in rows])


def check_import(ctx: Context) -> CheckImport:
    """Return the import of checks, with what is stored looked up."""
    return CheckImport(ctx, frozenset(ctx.session.scalars(select(Unit.code))))
