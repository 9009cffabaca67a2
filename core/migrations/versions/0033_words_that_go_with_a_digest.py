"""Routine words of other areas wait for the person's daily digest: one push carries both."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0033"
down_revision = "0032"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the place where they wait."""
    op.create_table(
        "digest_cards",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("said", sa.LargeBinary(), nullable=False),
        sa.Column("on_day", sa.Date(), nullable=False),
        sa.ForeignKeyConstraint(["account_id"], ["accounts.id"], name=op.f("fk_digest_cards_account_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_digest_cards")),
    )
    op.create_index("ix_digest_cards_account_id", "digest_cards", ["account_id"])
