"""In which language somebody wants to be spoken to."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0027"
down_revision = "0026"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Keep what an account, and a person in the chat, has chosen; who chose nothing is spoken to in Chinese."""
    op.add_column("accounts", sa.Column("language", sa.String(length=40), nullable=True))
    op.add_column("conversations", sa.Column("language", sa.String(length=40), nullable=True))
