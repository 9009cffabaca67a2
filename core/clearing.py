"""Clearing rows away that are over: some at a time, by their key, and none that somebody holds."""

from __future__ import annotations

from sqlalchemy import ColumnElement, delete, select
from sqlalchemy.orm import InstrumentedAttribute

from core.context import Context

AT_ONCE = 100  # rows that whoever adds one of their kind clears away


def clear_away(
    ctx: Context,
    key: InstrumentedAttribute[int] | InstrumentedAttribute[str],
    *over: ColumnElement[bool],
    at_most: int = AT_ONCE,
) -> int:
    """Delete up to so many of the rows that are ``over``, by their primary key; return how many.

    Rows that somebody holds are left to the next time.
    """
    found = ctx.session.scalars(select(key).where(*over).limit(at_most).with_for_update(skip_locked=True)).all()
    if found:
        ctx.session.execute(delete(key.class_).where(key.in_(found)), execution_options={"synchronize_session": False})
    return len(found)
