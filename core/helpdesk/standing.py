"""Which requests are unsolved or solved, as conditions by which the database finds the index that holds only these.

SQLite takes a partial index only where its own words stand in the query: a value bound to it would not do.
"""

from __future__ import annotations

from sqlalchemy import ColumnElement, literal_column

from core.helpdesk.models import HelpRequest, HelpState

SOLVED: ColumnElement[str] = literal_column(f"'{HelpState.SOLVED.value}'")
IS_UNSOLVED: ColumnElement[bool] = HelpRequest.state != SOLVED
IS_SOLVED: ColumnElement[bool] = HelpRequest.state == SOLVED
