"""Which account signed on with the city before it asked for an account here (ACC-5)."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0024"
down_revision = "0023"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Note with each code to a mailbox who signed on; nobody did until now."""
    op.add_column("registration_codes", sa.Column("city_account", sa.String(length=6), nullable=True))
