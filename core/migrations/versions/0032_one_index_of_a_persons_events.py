"""One index serves what is asked about a person's events: every webhook pays for each."""

from __future__ import annotations

from alembic import op

revision = "0032"
down_revision = "0031"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the one, then drop the two whose questions it answers."""
    op.create_index("ix_inbox_events_person_state_happened_at", "inbox_events", ["person", "state", "happened_at"])
    op.drop_index("ix_inbox_events_waiting", "inbox_events")
    op.drop_index("ix_inbox_events_person", "inbox_events")
