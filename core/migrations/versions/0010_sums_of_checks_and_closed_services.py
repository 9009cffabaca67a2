"""Kept sums of what was checked and of services that are over, and the indexes by which their newest are found."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

CHECKED = """
    INSERT INTO check_tallies (unit_id, state, change)
    SELECT unit_id, CASE WHEN has_need THEN 'with_need' WHEN NOT has_need THEN 'without_need' ELSE 'need_unknown' END,
           COUNT(*)
    FROM checks WHERE state = 'checked' GROUP BY unit_id, has_need
"""
CLOSED = """
    INSERT INTO service_tallies (unit_id, state, change)
    SELECT unit_id, 'closed', COUNT(*) FROM opened_services WHERE closed_on IS NOT NULL GROUP BY unit_id
"""
OVER = sa.text("closed_on IS NOT NULL")


def upgrade() -> None:
    """Apply this version."""
    for name in ("check_tallies", "service_tallies"):
        op.create_table(
            name,
            sa.Column("id", sa.Integer(), nullable=False),
            sa.Column("unit_id", sa.Integer(), nullable=False),
            sa.Column("state", sa.String(length=40), nullable=False),
            sa.Column("change", sa.Integer(), nullable=False),
            sa.ForeignKeyConstraint(["unit_id"], ["units.id"], name=op.f(f"fk_{name}_unit_id")),
            sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{name}")),
        )
        op.create_index(f"ix_{name}_unit_state", name, ["unit_id", "state", "change"])
    op.create_index("ix_checks_result", "checks", ["state", "has_need", "id"])
    op.create_index("ix_checks_unit_result", "checks", ["unit_id", "state", "has_need", "id"])
    for name, columns in {"over": ["closed_on", "id"], "unit_over": ["unit_id", "closed_on", "id"]}.items():
        index = f"ix_opened_services_{name}"
        op.create_index(index, "opened_services", columns, sqlite_where=OVER, postgresql_where=OVER)
    op.execute(CHECKED)
    op.execute(CLOSED)
