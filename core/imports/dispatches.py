"""The case list the main system exports: a row is a case's dispatch to one unit (REPLY-0)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select

from core.accounts.flaws import Flaw
from core.accounts.models import Unit
from core.context import Context
from core.dispatches.facts import DispatchFacts
from core.dispatches.models import DispatchState, Opening
from core.dispatches.receiving import refused_rows
from core.dispatches.service import plan_dispatches, put_dispatches
from core.imports import cells
from core.imports.ahead import lies_ahead
from core.imports.results import Problem, Put
from core.imports.rows import Column, Numbered, RowReader
from core.many import in_batches
from core.records.kinds import ProblemType

REPORTED_BY_AT_MOST, AREA_AT_MOST = 100, 40
COLUMNS = {
    "case_number": Column("案件編號", cells.number),
    "reported_by": Column("通報單位", cells.optional_text(REPORTED_BY_AT_MOST)),
    "received_on": Column("受理日期", cells.day),
    "dispatched_on": Column("派案日期", cells.day),
    "child_name": Column("案主姓名", cells.text(cells.NAME_AT_MOST)),
    "national_id": Column("身分證統號", cells.optional(cells.national_id)),
    "household": Column("戶內人口", cells.names),
    "area": Column("居住地區", cells.optional_text(AREA_AT_MOST)),
    "unit_code": Column("單位代碼", cells.code()),
    "responsible": Column("個管人員", cells.optional(cells.text(cells.NAME_AT_MOST))),
    "opening": Column("開案情形", cells.optional(cells.choice(Opening))),
    "state": Column("案件狀態", cells.choice(DispatchState)),
    "needs_assessment": Column("需評估單", cells.yes_no),
    "served": Column("服務對象", cells.optional(cells.text(cells.NAME_AT_MOST))),
    "problems": Column("問題類型", cells.optional(cells.choices(ProblemType)), is_optional=True),
    "asks_guidance": Column("需回覆親職教養", cells.optional(cells.yes_no), is_optional=True),
    "other_county": Column("外縣市", cells.optional(cells.yes_no), is_optional=True),
}
OF_THE_CASE = (
    "reported_by",
    "received_on",
    "child_name",
    "national_id",
    "household",
    "area",
    "problems",
    "other_county",
)

_AHEAD = "派案日期在明天之後。請核對年份並更正。"
_BEFORE_RECEIVED = "派案日期早於受理日期。請更正其中一個日期。"


@dataclass(frozen=True)
class DispatchImport:
    """Checks and puts in dispatches; ``units`` are the codes that are known."""

    ctx: Context
    units: frozenset[str]

    def read(self, row: RowReader) -> Numbered[DispatchFacts] | None:
        """Return a row's facts, or None when a cell is wrong."""
        row.once("case_number", "unit_code", "dispatched_on")
        unit = row.get("unit_code", str)
        if unit is not None and unit not in self.units:
            row.refuse("unit_code", Flaw.UNIT_UNKNOWN.text)
        received, dispatched = row.get("received_on", date), row.get("dispatched_on", date)
        if received and dispatched and dispatched < received:
            row.refuse("dispatched_on", _BEFORE_RECEIVED)
        elif dispatched and lies_ahead(dispatched, self.ctx.today):
            row.refuse("dispatched_on", _AHEAD)
        return row.made(DispatchFacts)

    def problems(self, rows: Sequence[RowReader], right: Sequence[Numbered[DispatchFacts]]) -> Iterator[Problem]:  # noqa: ARG002
        """Yield where two rows of one case say different things about it: the file would not know which is true."""
        first_of: dict[str, Numbered[DispatchFacts]] = {}
        for row in right:
            first = first_of.setdefault(row.facts.key.case_number, row)
            for name in OF_THE_CASE:
                if getattr(row.facts, name) != getattr(first.facts, name):
                    reason = f"與第 {first.number} 列是同一案件，內容卻不同。請更正其中一列。"
                    yield Problem(row.number, COLUMNS[name].heading, reason)

    def put(self, rows: Sequence[Numbered[DispatchFacts]]) -> Iterator[Put | Problem]:
        """Put the dispatches in, or yield what a rule says against a row (REPLY-13, REPLY-15)."""
        flaws = list(self._flaws(rows))
        yield from flaws or put_dispatches(self.ctx, [row.facts for row in rows])

    def plan(self, rows: Sequence[Numbered[DispatchFacts]]) -> Iterator[Put | Problem]:
        """Say what putting the dispatches in would do, or what a rule says against a row."""
        flaws = list(self._flaws(rows))
        yield from flaws or plan_dispatches(self.ctx, [row.facts for row in rows])

    def _flaws(self, rows: Sequence[Numbered[DispatchFacts]]) -> Iterator[Problem]:
        for batch in in_batches(rows):
            for each in refused_rows(self.ctx, [row.facts for row in batch]):
                yield Problem(batch[each.place].number, each.broken.field, str(each.broken))


def dispatch_import(ctx: Context) -> DispatchImport:
    """Return the import of dispatches, with what is stored looked up."""
    return DispatchImport(ctx, frozenset(ctx.session.scalars(select(Unit.code))))
