"""Families, what units serve, and the forms of a dispatch."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

# What is stored already, brought along: reports of one national ID are one family, named after the first of them.
FIRST = """
    NOT EXISTS (
        SELECT 1 FROM cases earlier
        WHERE earlier.national_id_key = cases.national_id_key
          AND (earlier.received_on < cases.received_on
               OR (earlier.received_on = cases.received_on AND earlier.id < cases.id)))
"""
FAMILIES = f"""
    INSERT INTO families (index_child, named_after) SELECT child_name, number FROM cases WHERE {FIRST} ORDER BY id
"""
MEMBERS = """
    INSERT INTO family_members (family_id, name, name_key, national_id, national_id_key)
    SELECT families.id, child_name, child_name_key, national_id, national_id_key
    FROM families JOIN cases ON cases.number = families.named_after ORDER BY families.id
"""
CASES = """
    UPDATE cases SET family_id = (
        SELECT families.id FROM families JOIN cases AS named ON named.number = families.named_after
        WHERE named.id = cases.id OR named.national_id_key = cases.national_id_key)
"""
OPENS = "opening IN ('in_progress', 'new', 'reopened') AND state IN ('answered', 'closed')"
SERVICES = f"""
    INSERT INTO opened_services (family_id, unit_id, case_id, opened_as, opened_on, responsible, responsible_id,
                                 served, last_dispatched_on, closed_on)
    SELECT cases.family_id, part.unit_id, part.case_id, part.opening, part.dispatched_on, part.responsible,
           part.responsible_id, COALESCE(part.served, cases.child_name),
           (SELECT MAX(d.dispatched_on) FROM dispatches d JOIN cases c ON c.id = d.case_id
            WHERE c.family_id = cases.family_id AND d.unit_id = part.unit_id),
           CASE WHEN part.state = 'closed' THEN part.dispatched_on END
    FROM (SELECT dispatches.*, ROW_NUMBER() OVER (
              PARTITION BY c.family_id, dispatches.unit_id
              ORDER BY CASE state WHEN 'answered' THEN 0 ELSE 1 END, dispatched_on, dispatches.id) AS place
          FROM dispatches JOIN cases c ON c.id = dispatches.case_id WHERE {OPENS}) AS part
    JOIN cases ON cases.id = part.case_id
    WHERE part.place = 1
"""
TALLIES = """
    INSERT INTO dispatch_tallies (unit_id, state, change)
    SELECT unit_id, state, COUNT(*) FROM dispatches GROUP BY unit_id, state
"""


def upgrade() -> None:
    """Apply this version."""
    op.create_table(
        "families",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("index_child", sa.LargeBinary(), nullable=False),
        sa.Column("named_after", sa.String(length=40), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_families")),
        sa.UniqueConstraint("named_after", name=op.f("uq_families_named_after")),
    )
    op.create_table(
        "dispatch_tallies",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("unit_id", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(length=40), nullable=False),
        sa.Column("change", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["unit_id"], ["units.id"], name=op.f("fk_dispatch_tallies_unit_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_dispatch_tallies")),
    )
    with op.batch_alter_table("dispatch_tallies") as table:
        table.create_index("ix_dispatch_tallies_unit_state", ["unit_id", "state", "change"], unique=False)

    op.create_table(
        "family_members",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("family_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.LargeBinary(), nullable=False),
        sa.Column("name_key", sa.String(length=64), nullable=False),
        sa.Column("national_id", sa.LargeBinary(), nullable=True),
        sa.Column("national_id_key", sa.String(length=64), nullable=True),
        sa.Column("born_on", sa.Date(), nullable=True),
        sa.ForeignKeyConstraint(["family_id"], ["families.id"], name=op.f("fk_family_members_family_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_family_members")),
        sa.UniqueConstraint("national_id_key", name=op.f("uq_family_members_national_id_key")),
    )
    with op.batch_alter_table("family_members") as table:
        table.create_index(table.f("ix_family_members_family_id"), ["family_id"], unique=False)
        table.create_index(table.f("ix_family_members_name_key"), ["name_key"], unique=False)

    op.create_table(
        "opened_services",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("family_id", sa.Integer(), nullable=False),
        sa.Column("unit_id", sa.Integer(), nullable=False),
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.Column("opened_as", sa.String(length=40), nullable=False),
        sa.Column("opened_on", sa.Date(), nullable=False),
        sa.Column("responsible", sa.LargeBinary(), nullable=True),
        sa.Column("responsible_id", sa.Integer(), nullable=True),
        sa.Column("served", sa.LargeBinary(), nullable=False),
        sa.Column("last_dispatched_on", sa.Date(), nullable=False),
        sa.Column("graduates_on", sa.Date(), nullable=True),
        sa.Column("closed_on", sa.Date(), nullable=True),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_opened_services_case_id")),
        sa.ForeignKeyConstraint(["family_id"], ["families.id"], name=op.f("fk_opened_services_family_id")),
        sa.ForeignKeyConstraint(["responsible_id"], ["accounts.id"], name=op.f("fk_opened_services_responsible_id")),
        sa.ForeignKeyConstraint(["unit_id"], ["units.id"], name=op.f("fk_opened_services_unit_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_opened_services")),
    )
    with op.batch_alter_table("opened_services") as table:
        table.create_index(table.f("ix_opened_services_case_id"), ["case_id"], unique=False)
        table.create_index(table.f("ix_opened_services_family_id"), ["family_id"], unique=False)
        table.create_index(table.f("ix_opened_services_responsible_id"), ["responsible_id"], unique=False)
        table.create_index(
            "ix_opened_services_unit_open",
            ["unit_id", "id"],
            unique=False,
            sqlite_where=sa.text("closed_on IS NULL"),
            postgresql_where=sa.text("closed_on IS NULL"),
        )
        table.create_index(
            "uq_opened_services_open",
            ["family_id", "unit_id"],
            unique=True,
            sqlite_where=sa.text("closed_on IS NULL"),
            postgresql_where=sa.text("closed_on IS NULL"),
        )

    op.create_table(
        "assessments",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("dispatch_id", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(length=40), nullable=False),
        sa.Column("form", sa.LargeBinary(), nullable=False),
        sa.Column("score", sa.Integer(), nullable=True),
        sa.Column("written_by", sa.Integer(), nullable=False),
        sa.Column("saved_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("submitted_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["dispatch_id"], ["dispatches.id"], name=op.f("fk_assessments_dispatch_id")),
        sa.ForeignKeyConstraint(["written_by"], ["accounts.id"], name=op.f("fk_assessments_written_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_assessments")),
        sa.UniqueConstraint("dispatch_id", name=op.f("uq_assessments_dispatch_id")),
    )
    with op.batch_alter_table("assessments") as table:
        table.create_index(table.f("ix_assessments_written_by"), ["written_by"], unique=False)

    op.create_table(
        "hand_overs",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("dispatch_id", sa.Integer(), nullable=False),
        sa.Column("from_unit_id", sa.Integer(), nullable=False),
        sa.Column("to_unit_id", sa.Integer(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("reason", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["account_id"], ["accounts.id"], name=op.f("fk_hand_overs_account_id")),
        sa.ForeignKeyConstraint(["dispatch_id"], ["dispatches.id"], name=op.f("fk_hand_overs_dispatch_id")),
        sa.ForeignKeyConstraint(["from_unit_id"], ["units.id"], name=op.f("fk_hand_overs_from_unit_id")),
        sa.ForeignKeyConstraint(["to_unit_id"], ["units.id"], name=op.f("fk_hand_overs_to_unit_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_hand_overs")),
    )
    with op.batch_alter_table("hand_overs") as table:
        table.create_index(table.f("ix_hand_overs_dispatch_id"), ["dispatch_id"], unique=False)

    op.create_table(
        "replies",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("dispatch_id", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(length=40), nullable=False),
        sa.Column("form", sa.LargeBinary(), nullable=False),
        sa.Column("written_by", sa.Integer(), nullable=False),
        sa.Column("saved_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("submitted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("decided_by", sa.Integer(), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("reason", sa.LargeBinary(), nullable=True),
        sa.ForeignKeyConstraint(["decided_by"], ["accounts.id"], name=op.f("fk_replies_decided_by")),
        sa.ForeignKeyConstraint(["dispatch_id"], ["dispatches.id"], name=op.f("fk_replies_dispatch_id")),
        sa.ForeignKeyConstraint(["written_by"], ["accounts.id"], name=op.f("fk_replies_written_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_replies")),
    )
    with op.batch_alter_table("replies") as table:
        table.create_index(table.f("ix_replies_dispatch_id"), ["dispatch_id"], unique=False)
        table.create_index(table.f("ix_replies_written_by"), ["written_by"], unique=False)
        table.create_index(
            "uq_replies_draft",
            ["dispatch_id"],
            unique=True,
            sqlite_where=sa.text("state = 'draft'"),
            postgresql_where=sa.text("state = 'draft'"),
        )

    # Plain additions: rebuilding these tables on SQLite would trip over the rows that point to them.
    op.add_column("cases", sa.Column("other_county", sa.Boolean(), server_default=sa.false(), nullable=False))
    op.execute("ALTER TABLE cases ADD COLUMN family_id INTEGER CONSTRAINT fk_cases_family_id REFERENCES families (id)")
    op.create_index(op.f("ix_cases_family_id"), "cases", ["family_id"], unique=False)
    op.add_column("dispatches", sa.Column("asks_guidance", sa.Boolean(), server_default=sa.false(), nullable=False))
    op.create_index("ix_dispatches_state", "dispatches", ["state", "dispatched_on", "id"], unique=False)
    for statement in (FAMILIES, MEMBERS, CASES, SERVICES, TALLIES):
        op.execute(statement)
