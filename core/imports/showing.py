"""The first rows of a list as its preview shows them: what each would do, with names and IDs masked (ACC-10)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from core.accounts.service import AccountFacts
from core.accounts.units import UnitFacts
from core.checks.service import CheckFacts
from core.dates import roc, roc_moment
from core.dispatches.facts import DispatchFacts
from core.imports.accounts import COLUMNS as OF_ACCOUNTS
from core.imports.checks import COLUMNS as OF_CHECKS
from core.imports.dispatches import COLUMNS as OF_DISPATCHES
from core.imports.results import Put
from core.imports.service import Imported
from core.imports.units import COLUMNS as OF_UNITS
from core.masking import mask_name

SHOWN_AT_MOST = 10


@dataclass(frozen=True)
class ShownRow:
    """A row by its number in the file: what it would do, and what it says, by heading."""

    number: int
    put: Put
    cells: tuple[tuple[str, str], ...]


def shown_rows(done: Imported) -> tuple[ShownRow, ...]:
    """Return the first rows that do something, then the first of the others."""
    ordered = sorted(done.rows, key=lambda row: row.put is Put.SAME)  # stable: the file's order within each
    return tuple(ShownRow(row.number, row.put, tuple(_cells(row.facts))) for row in ordered[:SHOWN_AT_MOST])


def _cells(facts: object) -> Iterator[tuple[str, str]]:
    match facts:
        case DispatchFacts():
            yield OF_DISPATCHES["case_number"].heading, facts.case_number
            yield OF_DISPATCHES["dispatched_on"].heading, roc(facts.dispatched_on)
            yield OF_DISPATCHES["unit_code"].heading, facts.unit_code
            yield OF_DISPATCHES["child_name"].heading, mask_name(facts.child_name)
            yield OF_DISPATCHES["state"].heading, facts.state.label
        case CheckFacts():
            yield OF_CHECKS["number"].heading, facts.number
            yield OF_CHECKS["assigned_at"].heading, roc_moment(facts.assigned_at)
            yield OF_CHECKS["unit_code"].heading, facts.unit_code
            yield OF_CHECKS["child_name"].heading, mask_name(facts.child_name)
            yield OF_CHECKS["state"].heading, facts.state.label
        case UnitFacts():
            yield OF_UNITS["code"].heading, facts.code
            yield OF_UNITS["name"].heading, facts.name
            yield OF_UNITS["kind"].heading, facts.kind.label
        case AccountFacts():
            yield OF_ACCOUNTS["code"].heading, facts.code
            yield OF_ACCOUNTS["name"].heading, mask_name(facts.name)
            yield OF_ACCOUNTS["unit_code"].heading, facts.unit_code
            yield OF_ACCOUNTS["role"].heading, facts.role.label
