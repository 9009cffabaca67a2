"""The helpdesk: requests, what is written in them, files, drafts, canned answers."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"


def upgrade() -> None:
    """Apply this version."""
    op.create_table(
        "canned_answers",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("title", sa.String(length=60), nullable=False),
        sa.Column("text", sa.String(length=2000), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_canned_answers")),
        sa.UniqueConstraint("title", name=op.f("uq_canned_answers_title")),
    )
    op.create_table(
        "help_on_duty",
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["account_id"], ["accounts.id"], name=op.f("fk_help_on_duty_account_id")),
        sa.PrimaryKeyConstraint("account_id", name=op.f("pk_help_on_duty")),
    )
    op.create_table(
        "help_requests",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("state", sa.String(length=40), nullable=False),
        sa.Column("subject", sa.LargeBinary(), nullable=False),
        sa.Column("person", sa.String(length=64), nullable=True),
        sa.Column("line_user", sa.LargeBinary(), nullable=True),
        sa.Column("display_name", sa.LargeBinary(), nullable=True),
        sa.Column("account_id", sa.Integer(), nullable=True),
        sa.Column("email", sa.LargeBinary(), nullable=True),
        sa.Column("reply_token", sa.LargeBinary(), nullable=True),
        sa.Column("reply_token_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("talks_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("agent_id", sa.Integer(), nullable=True),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("state_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("newest_entry", sa.Integer(), nullable=False),
        sa.Column("answer_due_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("solve_due_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("solve_left", sa.Integer(), nullable=False),
        sa.Column("warn_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("first_answer_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("solved_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("answered_in", sa.Integer(), nullable=True),
        sa.Column("solved_in", sa.Integer(), nullable=True),
        sa.Column("rating", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["account_id"], ["accounts.id"], name=op.f("fk_help_requests_account_id")),
        sa.ForeignKeyConstraint(["agent_id"], ["accounts.id"], name=op.f("fk_help_requests_agent_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_help_requests")),
    )
    with op.batch_alter_table("help_requests", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_help_requests_account_id"), ["account_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_help_requests_agent_id"), ["agent_id"], unique=False)
        batch_op.create_index("ix_help_requests_asked", ["asked_at", "id"], unique=False)
        batch_op.create_index(batch_op.f("ix_help_requests_person"), ["person"], unique=False)
        batch_op.create_index(
            "ix_help_requests_unsolved",
            ["state", "agent_id", "id"],
            unique=False,
            sqlite_where=sa.text("state != 'solved'"),
            postgresql_where=sa.text("state != 'solved'"),
        )
        batch_op.create_index(
            "ix_help_requests_warn",
            ["warn_at"],
            unique=False,
            sqlite_where=sa.text("state != 'solved'"),
            postgresql_where=sa.text("state != 'solved'"),
        )

    op.create_table(
        "help_drafts",
        sa.Column("request_id", sa.Integer(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("text", sa.LargeBinary(), nullable=False),
        sa.Column("saved_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["account_id"], ["accounts.id"], name=op.f("fk_help_drafts_account_id")),
        sa.ForeignKeyConstraint(["request_id"], ["help_requests.id"], name=op.f("fk_help_drafts_request_id")),
        sa.PrimaryKeyConstraint("request_id", "account_id", name=op.f("pk_help_drafts")),
    )
    op.create_table(
        "help_entries",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("request_id", sa.Integer(), nullable=False),
        sa.Column("side", sa.String(length=40), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("author_id", sa.Integer(), nullable=True),
        sa.Column("text", sa.LargeBinary(), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("message_key", sa.String(length=64), nullable=True),
        sa.Column("read_token", sa.LargeBinary(), nullable=True),
        sa.Column("read_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("erased_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("notice_key", sa.String(length=120), nullable=False),
        sa.ForeignKeyConstraint(["author_id"], ["accounts.id"], name=op.f("fk_help_entries_author_id")),
        sa.ForeignKeyConstraint(["request_id"], ["help_requests.id"], name=op.f("fk_help_entries_request_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_help_entries")),
        sa.UniqueConstraint("message_key", name=op.f("uq_help_entries_message_key")),
    )
    with op.batch_alter_table("help_entries", schema=None) as batch_op:
        batch_op.create_index("ix_help_entries_request", ["request_id", "id"], unique=False)

    op.create_table(
        "help_looks",
        sa.Column("request_id", sa.Integer(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["account_id"], ["accounts.id"], name=op.f("fk_help_looks_account_id")),
        sa.ForeignKeyConstraint(["request_id"], ["help_requests.id"], name=op.f("fk_help_looks_request_id")),
        sa.PrimaryKeyConstraint("request_id", "account_id", name=op.f("pk_help_looks")),
    )
    op.create_table(
        "help_files",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("entry_id", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(length=40), nullable=False),
        sa.Column("reason", sa.String(length=40), nullable=False),
        sa.Column("message_id", sa.LargeBinary(), nullable=True),
        sa.Column("name", sa.LargeBinary(), nullable=False),
        sa.Column("media_type", sa.String(length=80), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=True),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("not_before", sa.DateTime(timezone=True), nullable=False),
        sa.Column("kept_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["entry_id"], ["help_entries.id"], name=op.f("fk_help_files_entry_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_help_files")),
        sa.UniqueConstraint("entry_id", name=op.f("uq_help_files_entry_id")),
    )
    with op.batch_alter_table("help_files", schema=None) as batch_op:
        batch_op.create_index(
            "ix_help_files_to_fetch",
            ["not_before"],
            unique=False,
            sqlite_where=sa.text("state = 'to_fetch'"),
            postgresql_where=sa.text("state = 'to_fetch'"),
        )

    op.create_table(
        "help_words",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("word", sa.String(length=24), nullable=False),
        sa.Column("entry_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["entry_id"], ["help_entries.id"], name=op.f("fk_help_words_entry_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_help_words")),
        sa.UniqueConstraint("word", "entry_id", name=op.f("uq_help_words_word_entry_id")),
    )
    with op.batch_alter_table("help_words", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_help_words_entry_id"), ["entry_id"], unique=False)
