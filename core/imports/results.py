"""What became of an import: of one row, of the whole file, and what is wrong with it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from core.errors import FrontdoorError


class Put(StrEnum):
    """What putting one row in has done."""

    ADDED = "added"
    CHANGED = "changed"
    SAME = "same"


@dataclass(frozen=True, slots=True)
class Problem:
    """One wrong cell, or a wrong row or file: ``row`` as the spreadsheet counts, 0 for the file as a whole."""

    row: int
    column: str
    """The heading as the import format has it; empty where the row or the file as a whole is meant."""
    reason: str

    def __str__(self) -> str:
        """Return the sentence as a person reads it."""
        place = [f"第 {self.row} 列"] if self.row else []
        if self.column:
            place.append(f"「{self.column}」")
        return f"{''.join(place)}：{self.reason}" if place else self.reason


@dataclass(frozen=True)
class Report:
    """What a file did, or in a dry run would do."""

    added: int = 0
    changed: int = 0
    same: int = 0
    ignored_columns: tuple[str, ...] = ()


class ImportRefused(FrontdoorError):
    """The file is wrong somewhere: nothing of it is saved; whoever opened the transaction rolls back and shows this."""

    def __init__(self, problems: tuple[Problem, ...], ignored_columns: tuple[str, ...] = ()) -> None:
        super().__init__("\n".join(str(each) for each in problems))
        self.problems = problems
        self.ignored_columns = ignored_columns
