"""Which menus stand at LINE, and whose phone was given which."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0022"
down_revision = "0021"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply this version."""
    op.create_table(
        "rich_menus",
        sa.Column("menu_id", sa.String(length=64), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("is_first", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("menu_id", name=op.f("pk_rich_menus")),
    )
    op.create_table(
        "menu_links",
        sa.Column("person", sa.String(length=64), nullable=False),
        sa.Column("line_user", sa.LargeBinary(), nullable=False),
        sa.Column("menu_id", sa.String(length=64), nullable=False),
        sa.Column("linked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("busy_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("checked_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("person", name=op.f("pk_menu_links")),
    )
    op.create_index(op.f("ix_menu_links_checked_at"), "menu_links", ["checked_at"])
