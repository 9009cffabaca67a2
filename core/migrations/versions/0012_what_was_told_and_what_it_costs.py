"""Reminders gathered to be said, stages not told, looks for notices nobody saw, and the month's quota."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None

OPEN = sa.text("ended_at IS NULL")


def upgrade() -> None:
    """Apply this version."""
    _gathered()
    _untold()
    _quota()
    with op.batch_alter_table("duties") as table:
        table.add_column(sa.Column("look_at", sa.DateTime(timezone=True), nullable=True))
        table.create_index("ix_duties_open_look", ["look_at"], sqlite_where=OPEN, postgresql_where=OPEN)


def _gathered() -> None:
    op.create_table(
        "urgent_items",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("duty_id", sa.Integer(), nullable=False),
        sa.Column("stage", sa.String(length=20), nullable=False),
        sa.Column("why", sa.String(length=20), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("say_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["account_id"], ["accounts.id"], name=op.f("fk_urgent_items_account_id")),
        sa.ForeignKeyConstraint(["duty_id"], ["duties.id"], name=op.f("fk_urgent_items_duty_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_urgent_items")),
        sa.UniqueConstraint("account_id", "duty_id", name=op.f("uq_urgent_items_account_id_duty_id")),
    )
    with op.batch_alter_table("urgent_items") as table:
        table.create_index(op.f("ix_urgent_items_account_id"), ["account_id"], unique=False)
        table.create_index(op.f("ix_urgent_items_duty_id"), ["duty_id"], unique=False)


def _untold() -> None:
    op.create_table(
        "untold_stages",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("duty_id", sa.Integer(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=True),
        sa.Column("stage", sa.String(length=20), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("why", sa.String(length=40), nullable=False),
        sa.Column("noted_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["account_id"], ["accounts.id"], name=op.f("fk_untold_stages_account_id")),
        sa.ForeignKeyConstraint(["duty_id"], ["duties.id"], name=op.f("fk_untold_stages_duty_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_untold_stages")),
    )
    with op.batch_alter_table("untold_stages") as table:
        table.create_index(op.f("ix_untold_stages_duty_id"), ["duty_id"], unique=False)


def _quota() -> None:
    op.create_table(
        "quota_readings",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("hour", sa.DateTime(timezone=True), nullable=False),
        sa.Column("read_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("allowed", sa.Integer(), nullable=True),
        sa.Column("used", sa.Integer(), nullable=False),
        sa.Column("planned", sa.Integer(), nullable=False),
        sa.Column("told", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_quota_readings")),
        sa.UniqueConstraint("hour", name=op.f("uq_quota_readings_hour")),
    )
