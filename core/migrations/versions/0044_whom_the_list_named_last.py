"""Whom the list named last for a dispatch is kept: the same list once more undoes no change of caseworker."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0044"
down_revision = "0042"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add whom the list named, by the key of the name; nothing is known of earlier lists."""
    op.add_column("dispatches", sa.Column("listed_responsible_key", sa.String(64)))
