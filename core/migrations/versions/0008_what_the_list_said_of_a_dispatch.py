"""What the main system's list said last of a dispatch: said again, it undoes nothing."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

# A dispatch that was never replied to here stands as the list has it.
SAID = "UPDATE dispatches SET listed_as = state WHERE id NOT IN (SELECT dispatch_id FROM replies)"


def upgrade() -> None:
    """Apply this version."""
    with op.batch_alter_table("dispatches") as table:
        table.add_column(sa.Column("listed_as", sa.String(length=40), nullable=True))
    op.execute(SAID)
