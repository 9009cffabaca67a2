"""How far the audit reaches, and what stands beside it: whoever takes all of it away leaves what it told of.

The chain proves what lies between its rows. A whole audit that is gone, with its head put back to the beginning, is a
chain of no rows; but bindings and requests stay, and each was noted when it came.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from core.accounts.models import Binding
from core.audit import AuditRow
from core.helpdesk.models import HelpRequest

NOTED = (Binding.bound_at, HelpRequest.asked_at)
"""Moments of rows that are kept for good and never come without an audit row of the same moment."""


@dataclass(frozen=True)
class Reach:
    """How many rows the audit has, from when to when (None: it is empty), and what is older than all of them."""

    rows: int
    first: datetime | None
    last: datetime | None
    before: datetime | None
    """When the oldest of what must have been noted came, where that is before the first row."""


def reach(session: Session) -> Reach:
    """Return how far the audit reaches; what it told of is looked at first, so that what comes meanwhile is later."""
    oldest = min((at for each in NOTED if (at := session.scalar(select(func.min(each))))), default=None)
    rows, first, last = session.execute(select(func.count(), func.min(AuditRow.at), func.max(AuditRow.at))).one()
    is_before = oldest is not None and (not rows or oldest < first)
    return Reach(rows, first, last, oldest if is_before else None)
