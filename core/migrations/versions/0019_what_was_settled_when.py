"""What was settled today is counted and listed without looking at everything ever said."""

from __future__ import annotations

from alembic import op

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply this version."""
    op.create_index("ix_notices_settled", "notices", ["settled_at", "state"])
