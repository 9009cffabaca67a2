"""A duty that is told is written anew into each index it stands in: only what is asked every day has one.

Which duties were told in a span of days is asked when the calendar is amended, by hand, and may read all open ones.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0037"
down_revision = "0036"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Drop the wide ones and make the narrow ones."""
    for name in ("remind", "reminded", "look"):
        op.drop_index(f"ix_duties_open_{name}", "duties")
    for name in ("remind", "look"):
        where = sa.text(f"ended_at IS NULL AND {name}_at IS NOT NULL")
        op.create_index(
            f"ix_duties_to_{name}", "duties", [f"{name}_at", "id"], sqlite_where=where, postgresql_where=where
        )
