"""How many messages of somebody came within the minute, and which event was told that it is still worked at."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply this version."""
    with op.batch_alter_table("conversations") as table:
        table.add_column(sa.Column("minute_since", sa.DateTime(timezone=True), nullable=True))
        table.add_column(sa.Column("in_minute", sa.Integer(), nullable=True))
    with op.batch_alter_table("inbox_events") as table:
        table.add_column(sa.Column("told_at", sa.DateTime(timezone=True), nullable=True))
