"""Wrong codes are counted over askers and over everybody too."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply this version."""
    op.create_table(
        "otp_tallies",
        sa.Column("key", sa.String(length=100), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=True),
        sa.Column("wrong", sa.Integer(), nullable=False),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.Column("wait_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("tried_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["account_id"], ["accounts.id"], name=op.f("fk_otp_tallies_account_id")),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_otp_tallies")),
    )
    with op.batch_alter_table("otp_tallies") as table:
        table.create_index(op.f("ix_otp_tallies_account_id"), ["account_id"], unique=False)
        table.create_index(op.f("ix_otp_tallies_tried_at"), ["tried_at"], unique=False)
    with op.batch_alter_table("otp_challenges") as table:
        table.add_column(sa.Column("known_as", sa.String(length=64), nullable=True))
