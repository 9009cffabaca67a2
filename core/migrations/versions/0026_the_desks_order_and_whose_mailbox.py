"""The order in which the desk's lists stand, and the requests of one mailbox (HELP-5, HELP-6)."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0026"
down_revision = "0025"
branch_labels = None
depends_on = None

UNSOLVED = sa.text("state != 'solved'")
BY_DUE = (
    sa.text("(coalesce(answer_due_at, solve_due_at) IS NULL)"),
    sa.text("coalesce(answer_due_at, solve_due_at)"),
    "state_at",
    "id",
)
INDEXES: dict[str, list[str | sa.TextClause]] = {
    "ix_help_requests_order": [*BY_DUE],
    "ix_help_requests_agent_order": ["agent_id", *BY_DUE],
    "ix_help_requests_state_order": ["state", "state_at", "id"],
}


def upgrade() -> None:
    """Keep unsolved requests in order of what is due, and find requests by mail by their address.

    The address of earlier ones is sealed: they are not found by it, and nothing else changes for them.
    """
    op.add_column("help_requests", sa.Column("email_key", sa.String(length=64), nullable=True))
    op.create_index("ix_help_requests_email_key", "help_requests", ["email_key"], unique=False)
    for name, columns in INDEXES.items():
        op.create_index(name, "help_requests", columns, sqlite_where=UNSOLVED, postgresql_where=UNSOLVED)
