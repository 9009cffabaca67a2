"""Days of birth are sealed, as names are. Migrations hold no key: the job ``seal_readable`` seals what is there."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0034"
down_revision = "0033"
branch_labels = None
depends_on = None

READABLE = sa.text("born_on IS NOT NULL")


def upgrade() -> None:
    """Make the sealed column beside the readable one, and an index of what is left to seal."""
    for table in ("checks", "family_members"):
        op.add_column(table, sa.Column("birth_date", sa.LargeBinary(), nullable=True))
        op.create_index(f"ix_{table}_readable", table, ["id"], sqlite_where=READABLE, postgresql_where=READABLE)
