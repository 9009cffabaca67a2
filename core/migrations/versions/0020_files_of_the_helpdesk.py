"""Read marks that LINE is still to be told of, and old files, are found without looking at everything."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None

TO_TELL = sa.text("read_token IS NOT NULL AND read_at IS NOT NULL")
KEPT = sa.text("state = 'kept'")


def upgrade() -> None:
    """Apply this version."""
    op.add_column("help_entries", sa.Column("tell_after", sa.DateTime(timezone=True), nullable=True))
    op.create_index("ix_help_entries_to_tell", "help_entries", ["id"], sqlite_where=TO_TELL, postgresql_where=TO_TELL)
    op.create_index("ix_help_files_kept", "help_files", ["kept_at"], sqlite_where=KEPT, postgresql_where=KEPT)
