"""What was asked for, answered as if sent, and never was: a code that opens nothing (A24)."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0023"
down_revision = "0022"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Note of each code whether anybody got it; all until now were sent."""
    op.add_column("otp_challenges", sa.Column("is_sent", sa.Boolean(), server_default=sa.true(), nullable=False))
