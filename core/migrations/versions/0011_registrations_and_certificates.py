"""Registrations, the end of certificates, and why an account was disabled."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply this version."""
    with op.batch_alter_table("accounts") as table:
        table.add_column(sa.Column("disabled_why", sa.LargeBinary(), nullable=True))
        table.add_column(sa.Column("certificate_ends_on", sa.Date(), nullable=True))
    _codes()
    _registrations()
    _permissions()


def _codes() -> None:
    op.create_table(
        "registration_codes",
        sa.Column("id", sa.String(length=43), nullable=False),
        sa.Column("email_key", sa.String(length=64), nullable=False),
        sa.Column("address", sa.LargeBinary(), nullable=False),
        sa.Column("asker", sa.String(length=64), nullable=False),
        sa.Column("proof", sa.String(length=40), nullable=False),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("tried_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("proved_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("voided_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_registration_codes")),
    )
    op.create_index("ix_registration_codes_email_sent", "registration_codes", ["email_key", "sent_at"], unique=False)
    op.create_index(op.f("ix_registration_codes_sent_at"), "registration_codes", ["sent_at"], unique=False)


def _registrations() -> None:
    op.create_table(
        "registrations",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(length=6), nullable=False),
        sa.Column("unit_id", sa.Integer(), nullable=False),
        sa.Column("role", sa.String(length=40), nullable=False),
        sa.Column("proof", sa.String(length=40), nullable=False),
        sa.Column("facts", sa.LargeBinary(), nullable=False),
        sa.Column("email_key", sa.String(length=64), nullable=False),
        sa.Column("national_id_key", sa.String(length=64), nullable=False),
        sa.Column("filed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("state", sa.String(length=40), nullable=False),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("decided_by", sa.String(length=64), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["account_id"], ["accounts.id"], name=op.f("fk_registrations_account_id")),
        sa.ForeignKeyConstraint(["unit_id"], ["units.id"], name=op.f("fk_registrations_unit_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_registrations")),
    )
    op.create_index(op.f("ix_registrations_account_id"), "registrations", ["account_id"], unique=False)
    op.create_index("ix_registrations_state", "registrations", ["state", "filed_at"], unique=False)
    op.create_index(op.f("ix_registrations_unit_id"), "registrations", ["unit_id"], unique=False)
    op.create_index(
        "uq_registrations_open",
        "registrations",
        ["email_key"],
        unique=True,
        sqlite_where=sa.text("state = 'filed'"),
        postgresql_where=sa.text("state = 'filed'"),
    )


def _permissions() -> None:
    op.create_table(
        "registration_permissions",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("registration_id", sa.Integer(), nullable=False),
        sa.Column("permission", sa.String(length=40), nullable=False),
        sa.Column("state", sa.String(length=40), nullable=False),
        sa.Column("reason", sa.LargeBinary(), nullable=True),
        sa.ForeignKeyConstraint(
            ["registration_id"], ["registrations.id"], name=op.f("fk_registration_permissions_registration_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_registration_permissions")),
        sa.UniqueConstraint(
            "registration_id", "permission", name=op.f("uq_registration_permissions_registration_id_permission")
        ),
    )
    op.create_index(
        op.f("ix_registration_permissions_registration_id"),
        "registration_permissions",
        ["registration_id"],
        unique=False,
    )
