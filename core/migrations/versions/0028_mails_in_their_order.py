"""Mails to one address go in their order: of an account, or of a mailbox that belongs to none."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0028"
down_revision = "0027"
branch_labels = None
depends_on = None

UNSETTLED = sa.text("state IN ('created', 'claimed')")


def upgrade() -> None:
    """Note the mailbox of what is said from now on; what waits already goes as it would have gone."""
    op.add_column("notices", sa.Column("mailbox", sa.String(length=64), nullable=True))
    for name in ("account", "mailbox"):
        columns = ["account_id" if name == "account" else name, "rank", "id"]
        op.create_index(
            f"ix_notices_queue_of_{name}", "notices", columns, sqlite_where=UNSETTLED, postgresql_where=UNSETTLED
        )
