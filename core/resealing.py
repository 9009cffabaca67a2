"""Sealing anew, with the first data key, what older keys sealed: then they can be taken out of the settings.

Every sealed column of every table, in batches, each a transaction with its audit row. What is done already is passed
over, so whoever was interrupted begins again. A row that somebody holds is left to the next time, and so is what none
of the keys opens; ``count_left`` counts both. The content stays as it is.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from sqlalchemy import (
    Column,
    ColumnElement,
    LargeBinary,
    Select,
    Table,
    Update,
    and_,
    bindparam,
    func,
    or_,
    select,
    tuple_,
    update,
)
from sqlalchemy.orm import Session

from core.access import system
from core.audit import Door
from core.context import Context, Core
from core.database import SealedText
from core.migrations.tables import all_tables
from core.secrets import MARK_BYTES, Vault

ROWS_A_BATCH = 100  # a row may hold a picture


@dataclass(frozen=True)
class Resealed:
    """A batch that is kept: how many rows of which table were sealed anew."""

    table: str
    rows: int


def reseal(core: Core, size: int = ROWS_A_BATCH) -> Iterator[Resealed]:
    """Seal anew all that an older key sealed, ``size`` rows a transaction; yield each batch once it is kept.

    Raises ``SetupError`` for a value that was altered.
    """
    for table in _sealed_tables():
        steps = _steps(table, core.vault)
        keys: list[dict[str, Any]] = []
        while keys := _older(core, steps, keys[-1:], size):
            with core.transaction(system("reseal"), Door.COMMAND) as ctx:
                rows = sum(_is_sealed_anew(ctx, steps, key) for key in keys)
                if rows:
                    ctx.note("reseal", f"table:{table.name}", (column.name for column in _sealed(table)))
            yield Resealed(table.name, rows)


def count_left(session: Session, vault: Vault) -> int:
    """Return how many rows hold something that another key than the first sealed."""
    tables = {table: or_(*(_mark(column) != vault.mark for column in _sealed(table))) for table in _sealed_tables()}
    counts = (session.scalar(select(func.count()).select_from(table).where(by)) for table, by in tables.items())
    return sum(count or 0 for count in counts)


@dataclass(frozen=True)
class _Steps:
    """The statements for one table, built once. A row's key goes in as ``at_`` and the column's name."""

    first: Select[Any]
    beyond: Select[Any]
    """The keys of what is to be sealed anew: from the first on, or beyond a key."""
    locked: Select[Any]
    anew: Update


def _steps(table: Table, vault: Vault) -> _Steps:
    key = {column: bindparam(f"at_{column.name}", type_=column.type) for column in table.primary_key}
    this = and_(*(column == at for column, at in key.items()))
    needs_it = or_(*(_mark(column).in_(vault.older_marks) for column in _sealed(table)))
    first = select(*(column.label(at.key) for column, at in key.items())).where(needs_it).order_by(*key)
    return _Steps(
        first,
        first.where(tuple_(*key) > tuple_(*key.values())),
        select(*_sealed(table)).where(this, needs_it).with_for_update(skip_locked=True),
        update(table).where(this),
    )


def _older(core: Core, steps: _Steps, after: list[dict[str, Any]], size: int) -> list[dict[str, Any]]:
    """Return the next keys. Nothing is held meanwhile: a whole table may have to be looked through."""
    asked = (steps.beyond if after else steps.first).limit(size)
    with core.store.reading() as session:
        return [dict(row) for row in session.execute(asked, *after).mappings()]


def _is_sealed_anew(ctx: Context, steps: _Steps, key: dict[str, Any]) -> bool:
    """Seal one row anew and return True, unless somebody holds it or did so meanwhile."""
    row = ctx.session.execute(steps.locked, key).mappings().one_or_none()
    if row is None:
        return False
    anew = {name: value and ctx.vault.reseal(value) for name, value in row.items()}
    ctx.session.execute(steps.anew, key | anew)
    return True


def _mark(column: Column[Any]) -> ColumnElement[bytes]:
    return func.substr(column, 1, MARK_BYTES, type_=LargeBinary)


def _sealed_tables() -> list[Table]:
    return [table for table in all_tables().sorted_tables if _sealed(table)]


def _sealed(table: Table) -> list[Column[Any]]:
    return [column for column in table.columns if isinstance(column.type, SealedText)]
