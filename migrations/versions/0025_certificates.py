"""Certificates of clients' management systems."""

import sqlalchemy as sa
from alembic import op

from tenants.walls import wall

revision = "0025"
down_revision = "0023"
branch_labels = None
depends_on = None

TABLES = ("certificate",)


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
    for table in TABLES:
        for statement in wall(table):
            op.execute(statement)


def downgrade():
    for table in reversed(TABLES):
        op.drop_table(table)
