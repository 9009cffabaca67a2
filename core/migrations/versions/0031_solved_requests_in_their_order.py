"""Solved requests of the helpdesk have an index of their own: it lists the newest and counts up to a bound."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0031"
down_revision = "0030"
branch_labels = None
depends_on = None

SOLVED = sa.text("state = 'solved'")


def upgrade() -> None:
    """Add the index."""
    op.create_index("ix_help_requests_solved", "help_requests", ["id"], sqlite_where=SOLVED, postgresql_where=SOLVED)
