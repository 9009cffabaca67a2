"""What Alembic runs: on the connection it is given, or, for writing a new version, against the models."""

from __future__ import annotations

from typing import Any, Literal

from alembic import context
from alembic.autogenerate.api import AutogenContext

from core.database import EnumText, SealedText, UtcDateTime
from core.migrations.tables import all_tables


def plain_type(kind: str, item: Any, _context: AutogenContext) -> str | Literal[False]:
    """Write a column's plain type into a version: versions stay as they were when the house's types change."""
    if kind != "type":
        return False
    if isinstance(item, UtcDateTime):
        return "sa.DateTime(timezone=True)"
    if isinstance(item, SealedText):
        return "sa.LargeBinary()"
    if isinstance(item, EnumText):
        return "sa.String(length=40)"
    return False


context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=all_tables(),
    render_as_batch=True,  # SQLite changes a table by making it anew
    render_item=plain_type,
    transactional_ddl=True,
)
with context.begin_transaction():
    context.run_migrations()
