"""Field workbooks."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from tenants.walls import wall

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade():
    op.create_table('field_workbook',
    sa.Column('tenant_id', sa.Uuid(), nullable=False),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('assessment_id', sa.Uuid(), nullable=False),
    sa.Column('site_id', sa.Uuid(), nullable=True),
    sa.Column('language', sa.String(length=2), nullable=False),
    sa.Column('secret', sa.LargeBinary(), nullable=False),
    sa.Column('shown', postgresql.JSONB(), nullable=False),
    sa.Column('file_name', sa.String(length=120), nullable=False),
    sa.Column('file_key', sa.String(), nullable=False),
    sa.Column('made_by_id', sa.Uuid(), nullable=True),
    sa.Column('made_at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['tenant_id', 'assessment_id'], ['assessment.tenant_id', 'assessment.id'], name=op.f('fk_field_workbook_tenant_id_assessment_id')),
    sa.ForeignKeyConstraint(['tenant_id', 'made_by_id'], ['membership.tenant_id', 'membership.id'], name=op.f('fk_field_workbook_tenant_id_made_by_id')),
    sa.ForeignKeyConstraint(['tenant_id', 'site_id'], ['site.tenant_id', 'site.id'], name=op.f('fk_field_workbook_tenant_id_site_id')),
    sa.ForeignKeyConstraint(['tenant_id'], ['tenant.id'], name=op.f('fk_field_workbook_tenant_id')),
    sa.PrimaryKeyConstraint('tenant_id', 'id', name=op.f('pk_field_workbook'))
    )
    op.create_index(op.f('ix_field_workbook_tenant_id_assessment_id'), 'field_workbook', ['tenant_id', 'assessment_id'], unique=False)
    op.create_table('returned_workbook',
    sa.Column('tenant_id', sa.Uuid(), nullable=False),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('field_workbook_id', sa.Uuid(), nullable=False),
    sa.Column('file_name', sa.String(length=120), nullable=False),
    sa.Column('file_sha256', sa.String(length=64), nullable=False),
    sa.Column('file_key', sa.String(), nullable=False),
    sa.Column('reading', postgresql.JSONB(), nullable=False),
    sa.Column('by_id', sa.Uuid(), nullable=True),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('applied_at', sa.DateTime(timezone=True), nullable=True),
    sa.ForeignKeyConstraint(['tenant_id', 'by_id'], ['membership.tenant_id', 'membership.id'], name=op.f('fk_returned_workbook_tenant_id_by_id')),
    sa.ForeignKeyConstraint(['tenant_id', 'field_workbook_id'], ['field_workbook.tenant_id', 'field_workbook.id'], name=op.f('fk_returned_workbook_tenant_id_field_workbook_id')),
    sa.ForeignKeyConstraint(['tenant_id'], ['tenant.id'], name=op.f('fk_returned_workbook_tenant_id')),
    sa.PrimaryKeyConstraint('tenant_id', 'id', name=op.f('pk_returned_workbook'))
    )
    op.create_index('uq_returned_workbook_applied', 'returned_workbook', ['tenant_id', 'field_workbook_id', 'file_sha256'], unique=True, postgresql_where=sa.text('applied_at is not null'))
    for table in ("field_workbook", "returned_workbook"):
        for statement in wall(table):
            op.execute(statement)
