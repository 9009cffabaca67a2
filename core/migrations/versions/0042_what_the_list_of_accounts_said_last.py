"""What the list of accounts said last is kept, so that the same list once more undoes nothing that was decided here."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0042"
down_revision = "0041"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add what a list says of an account's address, last day and permissions; nothing is known of earlier lists."""
    op.add_column("accounts", sa.Column("listed_email_key", sa.String(64)))
    op.add_column("accounts", sa.Column("listed_ends_on", sa.Date()))
    op.add_column("accounts", sa.Column("listed_permissions", sa.String(100)))
