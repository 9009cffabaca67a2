"""Forms of meal-station checks: drafts, submissions, returns."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply this version."""
    op.create_table(
        "check_drafts",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("check_id", sa.Integer(), nullable=False),
        sa.Column("writer", sa.String(length=64), nullable=False),
        sa.Column("form", sa.LargeBinary(), nullable=False),
        sa.Column("saved_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["check_id"], ["checks.id"], name=op.f("fk_check_drafts_check_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_check_drafts")),
        sa.UniqueConstraint("check_id", "writer", name=op.f("uq_check_drafts_check_id_writer")),
    )
    op.create_table(
        "check_returns",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("check_id", sa.Integer(), nullable=False),
        sa.Column("reviewer", sa.String(length=64), nullable=False),
        sa.Column("reason", sa.LargeBinary(), nullable=False),
        sa.Column("returned_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["check_id"], ["checks.id"], name=op.f("fk_check_returns_check_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_check_returns")),
    )
    with op.batch_alter_table("check_returns") as table:
        table.create_index(op.f("ix_check_returns_check_id"), ["check_id"], unique=False)
    op.create_table(
        "check_submissions",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("check_id", sa.Integer(), nullable=False),
        sa.Column("writer", sa.String(length=64), nullable=False),
        sa.Column("form", sa.LargeBinary(), nullable=False),
        sa.Column("national_id_key", sa.String(length=64), nullable=True),
        sa.Column("text_key", sa.String(length=64), nullable=True),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["check_id"], ["checks.id"], name=op.f("fk_check_submissions_check_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_check_submissions")),
    )
    with op.batch_alter_table("check_submissions") as table:
        table.create_index(op.f("ix_check_submissions_check_id"), ["check_id"], unique=False)
        table.create_index(op.f("ix_check_submissions_national_id_key"), ["national_id_key"], unique=False)
    with op.batch_alter_table("checks") as table:
        table.add_column(sa.Column("listed_as", sa.String(length=40), nullable=True))
        table.add_column(sa.Column("is_urgent", sa.Boolean(), server_default=sa.false(), nullable=False))
    op.execute("UPDATE checks SET listed_as = state")  # until now, only the list could change it
