"""The list of units: rows in any order; parents are put in before their units."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import select

from core.accounts.flaws import Flaw
from core.accounts.models import Unit, UnitKind
from core.accounts.units import UNIT_NAME_AT_MOST, UnitFacts, put_unit
from core.context import Context
from core.errors import InvalidInput
from core.imports import cells
from core.imports.results import Problem, Put
from core.imports.rows import Column, Numbered, RowReader

COLUMNS = {
    "code": Column("單位代碼", cells.code()),
    "name": Column("單位名稱", cells.text(UNIT_NAME_AT_MOST)),
    "parent_code": Column("上級代碼", cells.optional(cells.code())),
    "kind": Column("類別", cells.choice(UnitKind)),
}
PARENT = COLUMNS["parent_code"].heading


@dataclass(frozen=True)
class UnitImport:
    """Checks and puts in units; ``stored`` are the codes that are there already."""

    ctx: Context
    stored: frozenset[str]

    def read(self, row: RowReader) -> Numbered[UnitFacts] | None:
        """Return a row's facts, or None when a cell is wrong."""
        row.once("code")
        return row.made(UnitFacts)

    def problems(self, rows: Sequence[RowReader], right: Sequence[Numbered[UnitFacts]]) -> Iterator[Problem]:
        """Yield parents that nobody knows, and units that stand above themselves."""
        named = {row.get("code", str) for row in rows}
        for row in rows:
            parent = row.get("parent_code", str)
            if parent is not None and parent not in self.stored and parent not in named:
                yield Problem(row.number, PARENT, f"查無上級代碼「{parent}」，檔案與系統裡都沒有。請更正。")
        above = {row.facts.code: row.facts.parent_code for row in right}
        for each in right:
            if _is_above_itself(each.facts.code, above):
                yield Problem(each.number, PARENT, Flaw.PARENT_BELOW.text)

    def put(self, rows: Sequence[Numbered[UnitFacts]]) -> Iterator[Put | Problem]:
        """Put the units in, parents first; what each did comes in the rows' order."""
        done = {row.number: self._put(row) for row in _parents_first(rows)}
        yield from (done[row.number] for row in rows)

    def _put(self, row: Numbered[UnitFacts]) -> Put | Problem:
        try:
            return put_unit(self.ctx, row.facts)
        except InvalidInput as wrong:
            return Problem(row.number, wrong.field, str(wrong))


def unit_import(ctx: Context) -> UnitImport:
    """Return the import of units, with what is stored looked up."""
    return UnitImport(ctx, frozenset(ctx.session.scalars(select(Unit.code))))


def _is_above_itself(code: str, above: Mapping[str, str | None]) -> bool:
    """Return whether the chain of parents in the file comes back to the unit."""
    passed: set[str] = set()
    parent = above[code]
    while parent is not None and parent not in passed:
        passed.add(parent)
        parent = above.get(parent)
    return code in passed


def _parents_first(rows: Sequence[Numbered[UnitFacts]]) -> list[Numbered[UnitFacts]]:
    by_code = {row.facts.code: row for row in rows}
    ordered: dict[str, Numbered[UnitFacts]] = {}
    for row in rows:
        chain = []
        following: Numbered[UnitFacts] | None = row
        while following is not None and following.facts.code not in ordered:
            chain.append(following)
            following = by_code.get(following.facts.parent_code or "")
        ordered.update((each.facts.code, each) for each in reversed(chain))
    return list(ordered.values())
