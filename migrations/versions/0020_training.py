"""Training: own courses, a client's people, what their roles need, what they did and what shows it."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from tenants.walls import wall

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None

TABLES = ("own_course", "worker", "course_need", "training_record", "training_proof", "training_import")


def upgrade():
    op.create_table('own_course',
    sa.Column('tenant_id', sa.Uuid(), nullable=False),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('code', sa.String(length=12), nullable=False),
    sa.Column('title_en', sa.String(length=120), nullable=False),
    sa.Column('title_fr', sa.String(length=120), nullable=False),
    sa.Column('needed_by', sa.String(length=120), nullable=False),
    sa.Column('validity', sa.SmallInteger(), nullable=True),
    sa.Column('basis', sa.String(length=10), nullable=False),
    sa.Column('citation', sa.String(length=120), nullable=False),
    sa.Column('source', sa.String(length=200), nullable=False),
    sa.Column('certainty', sa.String(length=10), nullable=False),
    sa.Column('retired_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('revision', sa.Integer(), nullable=False),
    sa.CheckConstraint("basis in ('law', 'standard', 'provider', 'hazard', 'client')", name=op.f('ck_own_course_basis')),
    sa.CheckConstraint("certainty in ('sourced', 'general', 'unsure')", name=op.f('ck_own_course_certainty')),
    sa.CheckConstraint('validity between 1 and 240', name=op.f('ck_own_course_validity')),
    sa.ForeignKeyConstraint(['tenant_id'], ['tenant.id'], name=op.f('fk_own_course_tenant_id')),
    sa.PrimaryKeyConstraint('tenant_id', 'id', name=op.f('pk_own_course')),
    sa.UniqueConstraint('tenant_id', 'code', name=op.f('uq_own_course_tenant_id_code'))
    )
    op.create_table('worker',
    sa.Column('tenant_id', sa.Uuid(), nullable=False),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('client_id', sa.Uuid(), nullable=False),
    sa.Column('name', sa.String(length=120), nullable=False),
    sa.Column('number', sa.String(length=40), nullable=False),
    sa.Column('roles', sa.String(length=240), nullable=False),
    sa.Column('site_id', sa.Uuid(), nullable=True),
    sa.Column('shift', sa.String(length=40), nullable=False),
    sa.Column('started_on', sa.Date(), nullable=True),
    sa.Column('revision', sa.Integer(), nullable=False),
    sa.CheckConstraint("name <> '' or number <> ''", name=op.f('ck_worker_told_apart')),
    sa.ForeignKeyConstraint(['tenant_id', 'client_id'], ['client.tenant_id', 'client.id'], name=op.f('fk_worker_tenant_id_client_id')),
    sa.ForeignKeyConstraint(['tenant_id', 'site_id'], ['site.tenant_id', 'site.id'], name=op.f('fk_worker_tenant_id_site_id')),
    sa.ForeignKeyConstraint(['tenant_id'], ['tenant.id'], name=op.f('fk_worker_tenant_id')),
    sa.PrimaryKeyConstraint('tenant_id', 'id', name=op.f('pk_worker'))
    )
    op.create_index(op.f('ix_worker_tenant_id_client_id'), 'worker', ['tenant_id', 'client_id'], unique=False)
    op.create_table('course_need',
    sa.Column('tenant_id', sa.Uuid(), nullable=False),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('client_id', sa.Uuid(), nullable=False),
    sa.Column('role', sa.String(length=60), nullable=False),
    sa.Column('course', sa.String(length=12), nullable=False),
    sa.Column('exempt', sa.Boolean(), nullable=False),
    sa.Column('reason', sa.String(length=160), nullable=False),
    sa.CheckConstraint("not exempt or reason <> ''", name=op.f('ck_course_need_reason')),
    sa.ForeignKeyConstraint(['tenant_id', 'client_id'], ['client.tenant_id', 'client.id'], name=op.f('fk_course_need_tenant_id_client_id')),
    sa.ForeignKeyConstraint(['tenant_id'], ['tenant.id'], name=op.f('fk_course_need_tenant_id')),
    sa.PrimaryKeyConstraint('tenant_id', 'id', name=op.f('pk_course_need')),
    sa.UniqueConstraint('tenant_id', 'client_id', 'role', 'course', name=op.f('uq_course_need_tenant_id_client_id_role_course'))
    )
    op.create_table('training_record',
    sa.Column('tenant_id', sa.Uuid(), nullable=False),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('worker_id', sa.Uuid(), nullable=False),
    sa.Column('course', sa.String(length=12), nullable=False),
    sa.Column('done_on', sa.Date(), nullable=True),
    sa.Column('expires_on', sa.Date(), nullable=True),
    sa.Column('proof', sa.String(length=160), nullable=False),
    sa.Column('verified', sa.Boolean(), nullable=False),
    sa.Column('recorded_at', sa.DateTime(timezone=True), nullable=False),
    sa.CheckConstraint('expires_on >= done_on', name=op.f('ck_training_record_in_order')),
    sa.CheckConstraint('not verified or done_on is not null', name=op.f('ck_training_record_verified')),
    sa.ForeignKeyConstraint(['tenant_id', 'worker_id'], ['worker.tenant_id', 'worker.id'], name=op.f('fk_training_record_tenant_id_worker_id')),
    sa.ForeignKeyConstraint(['tenant_id'], ['tenant.id'], name=op.f('fk_training_record_tenant_id')),
    sa.PrimaryKeyConstraint('tenant_id', 'id', name=op.f('pk_training_record'))
    )
    op.create_index(op.f('ix_training_record_tenant_id_worker_id'), 'training_record', ['tenant_id', 'worker_id'], unique=False)
    op.create_table('training_proof',
    sa.Column('tenant_id', sa.Uuid(), nullable=False),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('training_record_id', sa.Uuid(), nullable=False),
    sa.Column('evidence_id', sa.Uuid(), nullable=False),
    sa.ForeignKeyConstraint(['tenant_id', 'evidence_id'], ['evidence.tenant_id', 'evidence.id'], name=op.f('fk_training_proof_tenant_id_evidence_id')),
    sa.ForeignKeyConstraint(['tenant_id', 'training_record_id'], ['training_record.tenant_id', 'training_record.id'], name=op.f('fk_training_proof_tenant_id_training_record_id')),
    sa.ForeignKeyConstraint(['tenant_id'], ['tenant.id'], name=op.f('fk_training_proof_tenant_id')),
    sa.PrimaryKeyConstraint('tenant_id', 'id', name=op.f('pk_training_proof')),
    sa.UniqueConstraint('tenant_id', 'training_record_id', 'evidence_id', name=op.f('uq_training_proof_tenant_id_training_record_id_evidence_id'))
    )
    op.create_index(op.f('ix_training_proof_tenant_id_evidence_id'), 'training_proof', ['tenant_id', 'evidence_id'], unique=False)
    op.create_table('training_import',
    sa.Column('tenant_id', sa.Uuid(), nullable=False),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('client_id', sa.Uuid(), nullable=False),
    sa.Column('by_id', sa.Uuid(), nullable=True),
    sa.Column('file_name', sa.String(length=120), nullable=False),
    sa.Column('file_sha256', sa.String(length=64), nullable=False),
    sa.Column('reading', postgresql.JSONB(), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('applied_at', sa.DateTime(timezone=True), nullable=True),
    sa.ForeignKeyConstraint(['tenant_id', 'by_id'], ['membership.tenant_id', 'membership.id'], name=op.f('fk_training_import_tenant_id_by_id')),
    sa.ForeignKeyConstraint(['tenant_id', 'client_id'], ['client.tenant_id', 'client.id'], name=op.f('fk_training_import_tenant_id_client_id')),
    sa.ForeignKeyConstraint(['tenant_id'], ['tenant.id'], name=op.f('fk_training_import_tenant_id')),
    sa.PrimaryKeyConstraint('tenant_id', 'id', name=op.f('pk_training_import'))
    )
    op.create_index(op.f('ix_training_import_tenant_id_client_id_file_sha256'), 'training_import', ['tenant_id', 'client_id', 'file_sha256'], unique=False)
    op.add_column("finding", sa.Column("training_course", sa.String(length=12), nullable=False, server_default=""))
    op.alter_column("finding", "training_course", server_default=None)
    op.create_index(
        "uq_finding_training_course", "finding", ["tenant_id", "engagement_id", "training_course"], unique=True,
        postgresql_where=sa.text("training_course <> ''"),
    )
    for table in TABLES:
        for statement in wall(table):
            op.execute(statement)


def downgrade():
    op.drop_index("uq_finding_training_course", "finding")
    op.drop_column("finding", "training_course")
    for table in reversed(TABLES):
        op.drop_table(table)
