"""Requests by mail are counted by the network they come from, so that one stranger does not shut the page for all."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0035"
down_revision = "0034"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the place for it; of those that came before nobody knows."""
    op.add_column("help_requests", sa.Column("network_key", sa.String(length=64), nullable=True))
