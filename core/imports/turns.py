"""Facts of the main system come in one after the other: an import, or what another system puts in by itself."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import func, select, text
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from core.database import is_sqlite
from core.errors import Conflict

ONE_AT_A_TIME = 0x1_494D_504F_5254  # any fixed number: who holds this lock brings facts in

LOCK_NOT_AVAILABLE = "55P03"  # PostgreSQL's sign for who waited too long

_BUSY = "另一份清單正在匯入，這次沒有任何變更。請過幾分鐘再試一次。"


def take_turn(session: Session, patience_seconds: int | None = None) -> None:
    """Wait until no other transaction brings facts in; on SQLite there is one writer anyway.

    After ``patience_seconds`` (None: any time) the database gives up with its own error; an import takes minutes.
    """
    if is_sqlite(session):
        return
    session.execute(text(f"SET LOCAL lock_timeout = '{patience_seconds or 0}s'"))
    session.execute(text("SET LOCAL idle_in_transaction_session_timeout = 0"))  # rows are read between two statements
    session.execute(select(func.pg_advisory_xact_lock(ONE_AT_A_TIME)))


@contextmanager
def told_if_busy() -> Iterator[None]:
    """Raise ``Conflict`` where somebody else brings facts in for longer than one waits for them."""
    try:
        yield
    except OperationalError as failed:
        if getattr(failed.orig, "sqlstate", None) != LOCK_NOT_AVAILABLE:
            raise
        raise Conflict(_BUSY) from failed
