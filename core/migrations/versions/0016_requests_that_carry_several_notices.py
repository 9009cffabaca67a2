"""Notices that share one request, what is known of each one's fate, and the ways out as all workers share them."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None

UNSETTLED = sa.text("state IN ('created', 'claimed')")
CREATED = sa.text("state = 'created'")
CARRIED = sa.text("carried_by IS NOT NULL")
UNSEEN = sa.text("state = 'accepted' AND seen_at IS NULL")

# What was tried before may have been accepted. Its body is drawn again: the version before kept a part of it only.
TRIED = """
UPDATE notices SET may_be_out = (1 = 1), body = NULL
WHERE state IN ('created', 'claimed') AND retry_key IS NOT NULL
"""


def upgrade() -> None:
    """Apply this version."""
    with op.batch_alter_table("notices") as table:
        table.add_column(sa.Column("alike", sa.String(length=64), nullable=True))
        table.add_column(sa.Column("failures", sa.Integer(), nullable=False, server_default=sa.text("0")))
        table.add_column(sa.Column("carried_by", sa.Integer(), nullable=True))
        table.add_column(sa.Column("may_be_out", sa.Boolean(), nullable=False, server_default=sa.false()))
        table.add_column(sa.Column("seen_at", sa.DateTime(timezone=True), nullable=True))
        table.add_column(sa.Column("released_at", sa.DateTime(timezone=True), nullable=True))
        table.create_foreign_key(op.f("fk_notices_carried_by"), "notices", ["carried_by"], ["id"])
    with op.batch_alter_table("notices") as table:
        table.alter_column("failures", server_default=None)
        table.alter_column("may_be_out", server_default=None)
    with op.batch_alter_table("notices") as table:
        for name, columns, where in (
            ("ix_notices_queue_of_person", ["person", "rank", "id"], UNSETTLED),
            ("ix_notices_alike", ["alike", "id"], CREATED),
            ("ix_notices_carried", ["carried_by"], CARRIED),
            ("ix_notices_unseen", ["person"], UNSEEN),
        ):
            table.create_index(name, columns, unique=False, sqlite_where=where, postgresql_where=where)
    op.create_table(
        "doorways",
        sa.Column("name", sa.String(length=20), nullable=False),
        sa.Column("free_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("slowed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("rate", sa.Integer(), nullable=True),
        sa.Column("shut_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("try_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("reason", sa.String(length=80), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_doorways")),
    )
    op.execute(TRIED)
