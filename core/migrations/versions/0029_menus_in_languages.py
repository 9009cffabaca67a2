"""In which language a menu at LINE is, and which tab of it is shown first."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0029"
down_revision = "0028"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """The menus that stand are Chinese; the first tabs of an older version's go on to be the first."""
    op.add_column("rich_menus", sa.Column("language", sa.String(length=40), nullable=False, server_default="zh"))
    op.add_column("rich_menus", sa.Column("is_opening", sa.Boolean(), nullable=False, server_default=sa.false()))
    op.execute(sa.text("UPDATE rich_menus SET is_opening = is_first"))
