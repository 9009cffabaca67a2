"""Sealing anew, with the first data key, what older keys sealed: then they can be taken out of the settings.

Every sealed column of every table, in batches, each a transaction with its audit row. What is done already is passed
over, so whoever was interrupted begins again. A row that somebody holds is left to the next time, and so is what none
of the keys opens; ``count_left`` counts both. The content stays as it is.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Column, ColumnElement, LargeBinary, Row, Table, and_, func, or_, select, true, tuple_, update
from sqlalchemy.orm import Session

from core.access import system
from core.audit import Door
from core.context import Context, Core
from core.database import SealedText
from core.migrations.tables import all_tables
from core.secrets import MARK_BYTES, Sealed, Vault

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
        keys: Sequence[Row[Any]] = []
        while keys := _older(core, table, keys[-1:], size):
            with core.transaction(system("reseal"), Door.COMMAND) as ctx:
                rows = sum(_is_sealed_anew(ctx, table, key) for key in keys)
                if rows:
                    ctx.note("reseal", f"table:{table.name}", (column.name for column in _sealed(table)))
            yield Resealed(table.name, rows)


def count_left(session: Session, vault: Vault) -> int:
    """Return how many rows hold something that another key than the first sealed."""
    tables = {table: or_(*(_mark(column) != vault.mark for column in _sealed(table))) for table in _sealed_tables()}
    counts = (session.scalar(select(func.count()).select_from(table).where(by)) for table, by in tables.items())
    return sum(count or 0 for count in counts)


def _older(core: Core, table: Table, after: Sequence[Row[Any]], size: int) -> Sequence[Row[Any]]:
    """Return the keys of the next rows to seal anew. Nothing is held: a whole table may have to be looked through."""
    key = tuple(table.primary_key)
    beyond = tuple_(*key) > tuple_(*after[0]) if after else true()
    with core.store.reading() as session:
        asked = select(*key).where(_needs_it(table, core.vault), beyond).order_by(*key).limit(size)
        return session.execute(asked).all()


def _is_sealed_anew(ctx: Context, table: Table, key: Row[Any]) -> bool:
    """Seal one row anew and return True, unless somebody holds it or did so meanwhile."""
    this = and_(*(column == value for column, value in zip(table.primary_key, key, strict=True)))
    asked = select(*_sealed(table)).where(this, _needs_it(table, ctx.vault)).with_for_update(skip_locked=True)
    row = ctx.session.execute(asked).mappings().one_or_none()
    if row is None:
        return False
    anew = {name: ctx.vault.reseal(value) for name, value in row.items() if value is not None}
    ctx.session.execute(update(table).where(this).values(anew))
    return True


def _needs_it(table: Table, vault: Vault) -> ColumnElement[bool]:
    return or_(*(_mark(column).in_(vault.older_marks) for column in _sealed(table)))


def _mark(column: Column[Sealed]) -> ColumnElement[bytes]:
    return func.substr(column, 1, MARK_BYTES, type_=LargeBinary)


def _sealed_tables() -> list[Table]:
    return [table for table in all_tables().sorted_tables if _sealed(table)]


def _sealed(table: Table) -> list[Column[Sealed]]:
    return [column for column in table.columns if isinstance(column.type, SealedText)]
