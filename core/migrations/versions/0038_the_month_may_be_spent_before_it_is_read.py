"""LINE says that the month's paid messages are spent before the next reading of the quota does: that is kept."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0038"
down_revision = "0037"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the moment; empty until LINE says so."""
    op.add_column("doorways", sa.Column("spent_at", sa.DateTime(timezone=True), nullable=True))
