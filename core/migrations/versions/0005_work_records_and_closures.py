"""Work records, their windows and audits, and closures."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = '0005'
down_revision = "0004"
branch_labels = None
depends_on = None

# What is served already: the scheduler opens what its windows owe.
COURSES = """
    INSERT INTO record_window_courses (opened_id, next_on)
    SELECT id, CASE WHEN closed_on IS NULL THEN last_dispatched_on END FROM opened_services
"""


def upgrade() -> None:
    """Apply this version."""
    op.create_table('record_audits',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('day', sa.Date(), nullable=False),
    sa.Column('unit_id', sa.Integer(), nullable=False),
    sa.Column('missing', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['unit_id'], ['units.id'], name=op.f('fk_record_audits_unit_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_record_audits')),
    sa.UniqueConstraint('day', 'unit_id', name=op.f('uq_record_audits_day_unit_id'))
    )
    with op.batch_alter_table('record_audits', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_record_audits_unit_id'), ['unit_id'], unique=False)

    op.create_table('semester_looks',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('day', sa.Date(), nullable=False),
    sa.Column('unit_id', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['unit_id'], ['units.id'], name=op.f('fk_semester_looks_unit_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_semester_looks')),
    sa.UniqueConstraint('day', 'unit_id', name=op.f('uq_semester_looks_day_unit_id'))
    )
    with op.batch_alter_table('semester_looks', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_semester_looks_unit_id'), ['unit_id'], unique=False)

    op.create_table('reported_problems',
    sa.Column('case_id', sa.Integer(), nullable=False),
    sa.Column('problems', sa.LargeBinary(), nullable=False),
    sa.ForeignKeyConstraint(['case_id'], ['cases.id'], name=op.f('fk_reported_problems_case_id')),
    sa.PrimaryKeyConstraint('case_id', name=op.f('pk_reported_problems'))
    )
    op.create_table('closure_drafts',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('opened_id', sa.Integer(), nullable=False),
    sa.Column('written_by', sa.Integer(), nullable=False),
    sa.Column('form', sa.LargeBinary(), nullable=False),
    sa.Column('saved_at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['opened_id'], ['opened_services.id'], name=op.f('fk_closure_drafts_opened_id')),
    sa.ForeignKeyConstraint(['written_by'], ['accounts.id'], name=op.f('fk_closure_drafts_written_by')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_closure_drafts')),
    sa.UniqueConstraint('opened_id', 'written_by', name=op.f('uq_closure_drafts_opened_id_written_by'))
    )
    op.create_table('closures',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('opened_id', sa.Integer(), nullable=False),
    sa.Column('state', sa.String(length=40), nullable=False),
    sa.Column('form', sa.LargeBinary(), nullable=False),
    sa.Column('closing_on', sa.Date(), nullable=False),
    sa.Column('written_by', sa.Integer(), nullable=False),
    sa.Column('sent_at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['opened_id'], ['opened_services.id'], name=op.f('fk_closures_opened_id')),
    sa.ForeignKeyConstraint(['written_by'], ['accounts.id'], name=op.f('fk_closures_written_by')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_closures'))
    )
    with op.batch_alter_table('closures', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_closures_opened_id'), ['opened_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_closures_written_by'), ['written_by'], unique=False)
        batch_op.create_index('uq_closures_live', ['opened_id'], unique=True, sqlite_where=sa.text("state != 'deleted'"), postgresql_where=sa.text("state != 'deleted'"))

    op.create_table('departures',
    sa.Column('opened_id', sa.Integer(), nullable=False),
    sa.Column('how', sa.String(length=40), nullable=False),
    sa.Column('left_on', sa.Date(), nullable=False),
    sa.Column('noted_at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['opened_id'], ['opened_services.id'], name=op.f('fk_departures_opened_id')),
    sa.PrimaryKeyConstraint('opened_id', name=op.f('pk_departures'))
    )
    op.create_table('record_audit_rows',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('audit_id', sa.Integer(), nullable=False),
    sa.Column('opened_id', sa.Integer(), nullable=False),
    sa.Column('first', sa.Date(), nullable=False),
    sa.Column('last', sa.Date(), nullable=False),
    sa.ForeignKeyConstraint(['audit_id'], ['record_audits.id'], name=op.f('fk_record_audit_rows_audit_id')),
    sa.ForeignKeyConstraint(['opened_id'], ['opened_services.id'], name=op.f('fk_record_audit_rows_opened_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_record_audit_rows')),
    sa.UniqueConstraint('audit_id', 'opened_id', 'first', name=op.f('uq_record_audit_rows_audit_id_opened_id_first'))
    )
    with op.batch_alter_table('record_audit_rows', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_record_audit_rows_opened_id'), ['opened_id'], unique=False)

    op.create_table('record_window_courses',
    sa.Column('opened_id', sa.Integer(), nullable=False),
    sa.Column('next_on', sa.Date(), nullable=True),
    sa.ForeignKeyConstraint(['opened_id'], ['opened_services.id'], name=op.f('fk_record_window_courses_opened_id')),
    sa.PrimaryKeyConstraint('opened_id', name=op.f('pk_record_window_courses'))
    )
    with op.batch_alter_table('record_window_courses', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_record_window_courses_next_on'), ['next_on'], unique=False)

    op.create_table('record_windows',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('opened_id', sa.Integer(), nullable=False),
    sa.Column('starts_on', sa.Date(), nullable=False),
    sa.Column('policy', sa.String(length=40), nullable=False),
    sa.Column('place', sa.Integer(), nullable=False),
    sa.Column('first', sa.Date(), nullable=False),
    sa.Column('last', sa.Date(), nullable=False),
    sa.ForeignKeyConstraint(['opened_id'], ['opened_services.id'], name=op.f('fk_record_windows_opened_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_record_windows')),
    sa.UniqueConstraint('opened_id', 'starts_on', 'first', 'last', name=op.f('uq_record_windows_opened_id_starts_on_first_last'))
    )
    op.create_table('semester_findings',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('look_id', sa.Integer(), nullable=False),
    sa.Column('opened_id', sa.Integer(), nullable=False),
    sa.Column('finding', sa.String(length=40), nullable=False),
    sa.ForeignKeyConstraint(['look_id'], ['semester_looks.id'], name=op.f('fk_semester_findings_look_id')),
    sa.ForeignKeyConstraint(['opened_id'], ['opened_services.id'], name=op.f('fk_semester_findings_opened_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_semester_findings')),
    sa.UniqueConstraint('look_id', 'opened_id', 'finding', name=op.f('uq_semester_findings_look_id_opened_id_finding'))
    )
    with op.batch_alter_table('semester_findings', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_semester_findings_opened_id'), ['opened_id'], unique=False)

    op.create_table('work_record_drafts',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('opened_id', sa.Integer(), nullable=False),
    sa.Column('written_by', sa.Integer(), nullable=False),
    sa.Column('form', sa.LargeBinary(), nullable=False),
    sa.Column('saved_at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['opened_id'], ['opened_services.id'], name=op.f('fk_work_record_drafts_opened_id')),
    sa.ForeignKeyConstraint(['written_by'], ['accounts.id'], name=op.f('fk_work_record_drafts_written_by')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_work_record_drafts')),
    sa.UniqueConstraint('opened_id', 'written_by', name=op.f('uq_work_record_drafts_opened_id_written_by'))
    )
    op.create_table('work_records',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('opened_id', sa.Integer(), nullable=False),
    sa.Column('served_on', sa.Date(), nullable=False),
    sa.Column('schooling', sa.String(length=40), nullable=False),
    sa.Column('form', sa.LargeBinary(), nullable=False),
    sa.Column('written_by', sa.Integer(), nullable=False),
    sa.Column('written_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('corrected_by', sa.Integer(), nullable=True),
    sa.Column('corrected_at', sa.DateTime(timezone=True), nullable=True),
    sa.ForeignKeyConstraint(['corrected_by'], ['accounts.id'], name=op.f('fk_work_records_corrected_by')),
    sa.ForeignKeyConstraint(['opened_id'], ['opened_services.id'], name=op.f('fk_work_records_opened_id')),
    sa.ForeignKeyConstraint(['written_by'], ['accounts.id'], name=op.f('fk_work_records_written_by')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_work_records')),
    sa.UniqueConstraint('opened_id', 'served_on', 'id', name=op.f('uq_work_records_opened_id_served_on_id'))
    )
    with op.batch_alter_table('work_records', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_work_records_written_by'), ['written_by'], unique=False)

    op.create_table('closure_steps',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('closure_id', sa.Integer(), nullable=False),
    sa.Column('act', sa.String(length=40), nullable=False),
    sa.Column('account_id', sa.Integer(), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('reason', sa.LargeBinary(), nullable=True),
    sa.ForeignKeyConstraint(['account_id'], ['accounts.id'], name=op.f('fk_closure_steps_account_id')),
    sa.ForeignKeyConstraint(['closure_id'], ['closures.id'], name=op.f('fk_closure_steps_closure_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_closure_steps'))
    )
    with op.batch_alter_table('closure_steps', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_closure_steps_closure_id'), ['closure_id'], unique=False)
    op.execute(COURSES)
