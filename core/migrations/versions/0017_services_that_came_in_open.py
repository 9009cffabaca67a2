"""Since when a service is known here, where it was open in the main system before."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply this version; what is stored already goes on owing what it owed."""
    with op.batch_alter_table("opened_services") as table:
        table.add_column(sa.Column("known_from", sa.Date(), nullable=True))
