"""Duties whose moment has come are taken in the order of moment and number, thousands of one moment batch by batch."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0025"
down_revision = "0024"
branch_labels = None
depends_on = None

OPEN = sa.text("ended_at IS NULL")
INDEXES = {"ix_duties_open_remind": "remind_at", "ix_duties_open_look": "look_at"}


def upgrade() -> None:
    """Keep the number in the index too: without it, every batch sorts all that is due at its moment."""
    for name, moment in INDEXES.items():
        op.drop_index(name, "duties")
        op.create_index(name, "duties", [moment, "id"], sqlite_where=OPEN, postgresql_where=OPEN)
