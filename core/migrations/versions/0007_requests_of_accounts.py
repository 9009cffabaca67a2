"""Requests of accounts, and codes that are sent again from elsewhere."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply this version."""
    op.create_table(
        "account_requests",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("about", sa.String(length=20), nullable=False),
        sa.Column("state", sa.String(length=40), nullable=False),
        sa.Column("asked", sa.LargeBinary(), nullable=False),
        sa.Column("filed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("decided_by", sa.String(length=64), nullable=False),
        sa.Column("reason", sa.LargeBinary(), nullable=True),
        sa.Column("stop_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("stopped_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["account_id"], ["accounts.id"], name=op.f("fk_account_requests_account_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_account_requests")),
    )
    with op.batch_alter_table("account_requests") as table:
        table.create_index(op.f("ix_account_requests_account_id"), ["account_id"], unique=False)
        table.create_index("ix_account_requests_state", ["state", "filed_at"], unique=False)
        table.create_index(
            "uq_account_requests_open",
            ["account_id", "kind", "about"],
            unique=True,
            sqlite_where=sa.text("state = 'filed'"),
            postgresql_where=sa.text("state = 'filed'"),
        )
    with op.batch_alter_table("otp_challenges") as table:
        table.add_column(sa.Column("resent_as", sa.String(length=43), nullable=True))
