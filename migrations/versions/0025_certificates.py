"""Certificates of clients' management systems, applications for recognition and the papers of these."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from tenants.walls import wall

revision = "0025"
down_revision = "0024"
branch_labels = None
depends_on = None

TABLES = ("certificate", "recognition", "recognition_paper")


def upgrade():
    op.create_table('certificate',
    sa.Column('tenant_id', sa.Uuid(), nullable=False),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('client_id', sa.Uuid(), nullable=False),
    sa.Column('standard', sa.String(length=12), nullable=False),
    sa.Column('title', sa.String(length=60), nullable=False),
    sa.Column('registrar', sa.String(length=120), nullable=False),
    sa.Column('accreditation', sa.String(length=60), nullable=False),
    sa.Column('number', sa.String(length=60), nullable=False),
    sa.Column('scope', sa.String(), nullable=False),
    sa.Column('standing', sa.String(length=12), nullable=False),
    sa.Column('issued_on', sa.Date(), nullable=True),
    sa.Column('expires_on', sa.Date(), nullable=True),
    sa.Column('stage_1_on', sa.Date(), nullable=True),
    sa.Column('stage_2_on', sa.Date(), nullable=True),
    sa.Column('lead_auditor', sa.String(length=160), nullable=False),
    sa.Column('audit_on', sa.Date(), nullable=True),
    sa.Column('audit_closed_on', sa.Date(), nullable=True),
    sa.Column('second_year_on', sa.Date(), nullable=True),
    sa.Column('third_year_on', sa.Date(), nullable=True),
    sa.Column('next_audit_on', sa.Date(), nullable=True),
    sa.Column('note', sa.String(), nullable=False),
    sa.Column('revision', sa.Integer(), nullable=False),
    sa.CheckConstraint("standard in ('iso45001', 'csa_z45001', 'cor2020', 'other')", name=op.f('ck_certificate_standard')),
    sa.CheckConstraint("standing in ('planned', 'in_force', 'suspended', 'withdrawn')", name=op.f('ck_certificate_standing')),
    sa.CheckConstraint('expires_on > issued_on', name=op.f('ck_certificate_in_order')),
    sa.CheckConstraint("standing = 'planned' or issued_on is not null", name=op.f('ck_certificate_issued')),
    sa.CheckConstraint("standard <> 'other' or title <> ''", name=op.f('ck_certificate_title')),
    sa.ForeignKeyConstraint(['tenant_id', 'client_id'], ['client.tenant_id', 'client.id'], name=op.f('fk_certificate_tenant_id_client_id')),
    sa.ForeignKeyConstraint(['tenant_id'], ['tenant.id'], name=op.f('fk_certificate_tenant_id')),
    sa.PrimaryKeyConstraint('tenant_id', 'id', name=op.f('pk_certificate'))
    )
    op.create_index(op.f('ix_certificate_tenant_id_client_id'), 'certificate', ['tenant_id', 'client_id'], unique=False)
    op.create_table('recognition',
    sa.Column('tenant_id', sa.Uuid(), nullable=False),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('client_id', sa.Uuid(), nullable=False),
    sa.Column('certificate_id', sa.Uuid(), nullable=True),
    sa.Column('planned_on', sa.Date(), nullable=True),
    sa.Column('applied_on', sa.Date(), nullable=True),
    sa.Column('recognized_on', sa.Date(), nullable=True),
    sa.Column('number', sa.String(length=60), nullable=False),
    sa.Column('listed_on', sa.Date(), nullable=True),
    sa.Column('maintained_on', sa.Date(), nullable=True),
    sa.Column('revoked_on', sa.Date(), nullable=True),
    sa.Column('answers', postgresql.JSONB(), nullable=False),
    sa.Column('note', sa.String(), nullable=False),
    sa.Column('revision', sa.Integer(), nullable=False),
    sa.CheckConstraint('recognized_on is null or applied_on is not null', name=op.f('ck_recognition_applied')),
    sa.CheckConstraint('recognized_on >= applied_on', name=op.f('ck_recognition_in_order')),
    sa.CheckConstraint('revoked_on >= recognized_on', name=op.f('ck_recognition_revoked')),
    sa.ForeignKeyConstraint(['tenant_id', 'client_id'], ['client.tenant_id', 'client.id'], name=op.f('fk_recognition_tenant_id_client_id')),
    sa.ForeignKeyConstraint(['tenant_id', 'certificate_id'], ['certificate.tenant_id', 'certificate.id'], name=op.f('fk_recognition_tenant_id_certificate_id')),
    sa.ForeignKeyConstraint(['tenant_id'], ['tenant.id'], name=op.f('fk_recognition_tenant_id')),
    sa.PrimaryKeyConstraint('tenant_id', 'id', name=op.f('pk_recognition'))
    )
    op.create_index(op.f('ix_recognition_tenant_id_client_id'), 'recognition', ['tenant_id', 'client_id'], unique=False)
    op.create_table('recognition_paper',
    sa.Column('tenant_id', sa.Uuid(), nullable=False),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('recognition_id', sa.Uuid(), nullable=False),
    sa.Column('evidence_id', sa.Uuid(), nullable=False),
    sa.Column('slot', sa.String(length=20), nullable=False),
    sa.ForeignKeyConstraint(['tenant_id', 'recognition_id'], ['recognition.tenant_id', 'recognition.id'], name=op.f('fk_recognition_paper_tenant_id_recognition_id')),
    sa.ForeignKeyConstraint(['tenant_id', 'evidence_id'], ['evidence.tenant_id', 'evidence.id'], name=op.f('fk_recognition_paper_tenant_id_evidence_id')),
    sa.ForeignKeyConstraint(['tenant_id'], ['tenant.id'], name=op.f('fk_recognition_paper_tenant_id')),
    sa.PrimaryKeyConstraint('tenant_id', 'id', name=op.f('pk_recognition_paper')),
    sa.UniqueConstraint('tenant_id', 'recognition_id', 'slot', name=op.f('uq_recognition_paper_tenant_id_recognition_id_slot'))
    )
    op.create_index(op.f('ix_recognition_paper_tenant_id_evidence_id'), 'recognition_paper', ['tenant_id', 'evidence_id'], unique=False)
    for table in TABLES:
        for statement in wall(table):
            op.execute(statement)


def downgrade():
    for table in reversed(TABLES):
        op.drop_table(table)
