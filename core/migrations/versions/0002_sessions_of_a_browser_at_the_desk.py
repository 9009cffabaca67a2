"""Sessions of a browser at the desk."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply this version."""
    op.create_table(
        "web_sessions",
        sa.Column("token_key", sa.String(length=64), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("last_used_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["account_id"], ["accounts.id"], name=op.f("fk_web_sessions_account_id")),
        sa.PrimaryKeyConstraint("token_key", name=op.f("pk_web_sessions")),
    )
    with op.batch_alter_table("web_sessions") as table:
        table.create_index(op.f("ix_web_sessions_account_id"), ["account_id"], unique=False)
        table.create_index(op.f("ix_web_sessions_last_used_at"), ["last_used_at"], unique=False)
