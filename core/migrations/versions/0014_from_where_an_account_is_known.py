"""The browsers and LINE users an account is known from, with the wrong passwords from there."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply this version."""
    op.create_table(
        "known_askers",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("asker_key", sa.String(length=64), nullable=False),
        sa.Column("last_seen_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("wrong", sa.Integer(), nullable=False),
        sa.Column("locked_until", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["account_id"], ["accounts.id"], name=op.f("fk_known_askers_account_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_known_askers")),
        sa.UniqueConstraint("account_id", "asker_key", name="uq_known_askers_account_asker"),
    )
    with op.batch_alter_table("known_askers") as table:
        table.create_index(op.f("ix_known_askers_asker_key"), ["asker_key"], unique=False)
        table.create_index(op.f("ix_known_askers_last_seen_at"), ["last_seen_at"], unique=False)
