"""What is asked again before it is said: whose business a card is, why a duty was told, why it goes by mail."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0040"
down_revision = "0039"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the columns, all empty, and the place where cards stay until what says them has gone."""
    op.add_column("notices", sa.Column("why_mail", sa.String(length=40), nullable=True))
    op.add_column("notice_duties", sa.Column("why", sa.String(length=20), nullable=True))
    with op.batch_alter_table("digest_cards") as table:
        table.add_column(sa.Column("unit_id", sa.Integer(), nullable=True))
        table.create_foreign_key(op.f("fk_digest_cards_unit_id"), "units", ["unit_id"], ["id"])
    op.create_table(
        "said_cards",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("notice_id", sa.Integer(), nullable=False),
        sa.Column("unit_id", sa.Integer(), nullable=True),
        sa.Column("said", sa.LargeBinary(), nullable=False),
        sa.Column("said_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["notice_id"], ["notices.id"], name=op.f("fk_said_cards_notice_id")),
        sa.ForeignKeyConstraint(["unit_id"], ["units.id"], name=op.f("fk_said_cards_unit_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_said_cards")),
    )
    op.create_index("ix_said_cards_notice_id", "said_cards", ["notice_id"])
