"""The outbox's indexes hold only what is asked of them: each one a notice stands in is written anew with every try."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0036"
down_revision = "0035"
branch_labels = None
depends_on = None

DROPPED = ("account_id", "person", "settled", "queue_of_account", "queue_of_mailbox")
MADE = {
    "of_account": (["account_id", "created_at"], None),
    "of_nobody": (["person"], sa.text("account_id IS NULL AND person IS NOT NULL")),
    "ambiguous": (["person"], sa.text("state = 'ambiguous'")),
    "settled": (["settled_at", "state"], sa.text("settled_at IS NOT NULL")),
    "mails_of_account": (["account_id"], sa.text("state IN ('created', 'claimed') AND via = 'mail'")),
    "mails_of_mailbox": (["mailbox"], sa.text("state IN ('created', 'claimed') AND mailbox IS NOT NULL")),
}


def upgrade() -> None:
    """Drop the wide ones and make the narrow ones."""
    for name in DROPPED:
        op.drop_index(f"ix_notices_{name}", "notices")
    for name, (columns, where) in MADE.items():
        op.create_index(f"ix_notices_{name}", "notices", columns, sqlite_where=where, postgresql_where=where)
