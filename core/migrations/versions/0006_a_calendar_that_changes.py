"""A calendar that changes: every decision about a day is kept, and reminders told are found by their moment."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

# What is decided already is a decision too; what held before it is the published calendar.
DECIDED = """
    INSERT INTO calendar_amendment_versions (day, status, reason, was, was_reason, decided_by, decided_at)
    SELECT day, CASE WHEN is_working THEN 'working' ELSE 'off' END, reason, 'published', '', decided_by, decided_at
    FROM calendar_amendments ORDER BY decided_at, day
"""


def upgrade() -> None:
    """Apply this version."""
    op.create_table(
        "calendar_amendment_versions",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("status", sa.String(length=40), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("was", sa.String(length=40), nullable=False),
        sa.Column("was_reason", sa.String(), nullable=False),
        sa.Column("decided_by", sa.String(), nullable=False),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_calendar_amendment_versions")),
    )
    with op.batch_alter_table("calendar_amendment_versions") as table:
        table.create_index(op.f("ix_calendar_amendment_versions_day"), ["day"], unique=False)
    with op.batch_alter_table("duties") as table:
        table.create_index(
            "ix_duties_open_reminded",
            ["reminded_at"],
            unique=False,
            sqlite_where=sa.text("ended_at IS NULL"),
            postgresql_where=sa.text("ended_at IS NULL"),
        )
    op.execute(DECIDED)
