"""What fell due within some days is found without a look through all duties: how much of it was done in time."""

from __future__ import annotations

from alembic import op

revision = "0041"
down_revision = "0040"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Index the due moments of all duties, the ended ones too."""
    op.create_index("ix_duties_due", "duties", ["due_at", "unit_id"])
