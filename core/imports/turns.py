"""Facts of the main system come in one after the other: an import, or what another system puts in by itself."""

from __future__ import annotations

from sqlalchemy import func, select, text
from sqlalchemy.orm import Session

from core.database import is_sqlite

ONE_AT_A_TIME = 0x1_494D_504F_5254  # any fixed number: who holds this lock brings facts in


def take_turn(session: Session, patience_seconds: int | None = None) -> None:
    """Wait until no other transaction brings facts in; on SQLite there is one writer anyway.

    After ``patience_seconds`` (None: any time) the database gives up with its own error; an import takes minutes.
    """
    if is_sqlite(session):
        return
    session.execute(text(f"SET LOCAL lock_timeout = '{patience_seconds or 0}s'"))
    session.execute(text("SET LOCAL idle_in_transaction_session_timeout = 0"))  # rows are read between two statements
    session.execute(select(func.pg_advisory_xact_lock(ONE_AT_A_TIME)))
