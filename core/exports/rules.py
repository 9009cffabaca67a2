"""How much of the data may leave as a file, and when somebody is to look (A64). Pure."""

from __future__ import annotations

from dataclasses import dataclass

from core.errors import Broken
from core.exports.refusals import ExportRefusal
from core.policy import Policy
from core.wording import characters, is_blank

REASON_AT_MOST = 200  # characters


@dataclass(frozen=True)
class Taken:
    """What an account took out on a day: how many files, and how many rows in all of them."""

    files: int
    rows: int


def broken_by(reason: str, rows: int, today: Taken, policy: Policy) -> tuple[Broken, ...]:
    """Return everything that stands in the way of taking out so many rows for this reason (A64)."""
    broken = []
    if is_blank(reason):
        broken.append(ExportRefusal.NO_REASON.broken())
    if characters(reason) > REASON_AT_MOST:
        broken.append(ExportRefusal.LONG_REASON.broken(most=str(REASON_AT_MOST)))
    if rows > policy.export_rows_at_most:
        broken.append(ExportRefusal.TOO_MANY.broken(rows=str(rows), most=str(policy.export_rows_at_most)))
    if today.files >= policy.exports_a_day:
        broken.append(ExportRefusal.TOO_OFTEN.broken(most=str(policy.exports_a_day)))
    return tuple(broken)


def is_large(rows: int, today: Taken, policy: Policy) -> bool:
    """Return whether this file raises the alarm: small ones count together, so that slicing hides nothing (A64)."""
    return rows > 0 and today.rows + rows >= policy.export_alarm_rows
