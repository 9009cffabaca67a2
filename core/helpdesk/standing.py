"""Which requests are unsolved, solved or late, as conditions by which the database finds the index that holds these.

SQLite takes a partial index only where its own words stand in the query: a value bound to it would not do.
"""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Boolean, ColumnElement, and_, false, literal_column

from core.database import UtcDateTime
from core.helpdesk.models import NEXT_DUE, OWES_NOTHING, HelpRequest, HelpState

SOLVED: ColumnElement[str] = literal_column(f"'{HelpState.SOLVED.value}'")
IS_UNSOLVED: ColumnElement[bool] = HelpRequest.state != SOLVED
IS_SOLVED: ColumnElement[bool] = HelpRequest.state == SOLVED
NEXT_DUE_AT: ColumnElement[datetime] = literal_column(NEXT_DUE.text, UtcDateTime)
_OWES_NOTHING: ColumnElement[bool] = literal_column(OWES_NOTHING.text, Boolean)


def is_late(now: datetime) -> ColumnElement[bool]:
    """Return the condition that an answer or solution is owed and its moment is past: found in the lists' order."""
    return and_(IS_UNSOLVED, false() == _OWES_NOTHING, now > NEXT_DUE_AT)
