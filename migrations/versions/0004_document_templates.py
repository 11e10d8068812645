"""The consultancy's own document templates and the look of its documents."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from tenants.walls import wall

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade():
    op.create_table('document_template',
    sa.Column('tenant_id', sa.Uuid(), nullable=False),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('kind', sa.String(length=24), nullable=False),
    sa.Column('language', sa.String(length=2), nullable=False),
    sa.Column('name', sa.String(length=60), nullable=False),
    sa.Column('is_default', sa.Boolean(), nullable=False),
    sa.Column('retired_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('revision', sa.Integer(), nullable=False),
    sa.CheckConstraint("language in ('en', 'fr')", name=op.f('ck_document_template_language')),
    sa.CheckConstraint('not (is_default and retired_at is not null)', name=op.f('ck_document_template_default_is_in_use')),
    sa.ForeignKeyConstraint(['tenant_id'], ['tenant.id'], name=op.f('fk_document_template_tenant_id')),
    sa.PrimaryKeyConstraint('tenant_id', 'id', name=op.f('pk_document_template'))
    )
    op.create_index('uq_document_template_default', 'document_template', ['tenant_id', 'kind', 'language'], unique=True, postgresql_where=sa.text('is_default'))
    op.create_table('document_template_version',
    sa.Column('tenant_id', sa.Uuid(), nullable=False),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('document_template_id', sa.Uuid(), nullable=False),
    sa.Column('number', sa.Integer(), nullable=False),
    sa.Column('file_name', sa.String(length=120), nullable=False),
    sa.Column('file_key', sa.String(), nullable=False),
    sa.Column('sha256', sa.String(length=64), nullable=False),
    sa.Column('size', sa.Integer(), nullable=False),
    sa.Column('report', postgresql.JSONB(), nullable=False),
    sa.Column('uploaded_by_id', sa.Uuid(), nullable=True),
    sa.Column('uploaded_at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['tenant_id', 'document_template_id'], ['document_template.tenant_id', 'document_template.id'], name=op.f('fk_document_template_version_tenant_id_document_template_id')),
    sa.ForeignKeyConstraint(['tenant_id', 'uploaded_by_id'], ['membership.tenant_id', 'membership.id'], name=op.f('fk_document_template_version_tenant_id_uploaded_by_id')),
    sa.ForeignKeyConstraint(['tenant_id'], ['tenant.id'], name=op.f('fk_document_template_version_tenant_id')),
    sa.PrimaryKeyConstraint('tenant_id', 'id', name=op.f('pk_document_template_version')),
    sa.UniqueConstraint('tenant_id', 'document_template_id', 'number', name=op.f('uq_document_template_version_number')),
    sa.UniqueConstraint('tenant_id', 'document_template_id', 'sha256', name=op.f('uq_document_template_version_sha256'))
    )
    op.create_table('brand',
    sa.Column('tenant_id', sa.Uuid(), nullable=False),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('primary', sa.String(length=6), nullable=False),
    sa.Column('accent', sa.String(length=6), nullable=False),
    sa.Column('heading_font', sa.String(length=40), nullable=False),
    sa.Column('body_font', sa.String(length=40), nullable=False),
    sa.Column('file_key', sa.String(), nullable=True),
    sa.Column('logo_kind', sa.String(length=4), nullable=False),
    sa.Column('logo_width', sa.Integer(), nullable=False),
    sa.Column('logo_height', sa.Integer(), nullable=False),
    sa.Column('revision', sa.Integer(), nullable=False),
    sa.CheckConstraint("(file_key is null) = (logo_kind = '')", name=op.f('ck_brand_logo_is_whole')),
    sa.ForeignKeyConstraint(['tenant_id'], ['tenant.id'], name=op.f('fk_brand_tenant_id')),
    sa.PrimaryKeyConstraint('tenant_id', 'id', name=op.f('pk_brand')),
    sa.UniqueConstraint('tenant_id', name=op.f('uq_brand_tenant_id'))
    )
    op.add_column('deliverable', sa.Column('document_template_version_id', sa.Uuid(), nullable=True))
    op.add_column('deliverable', sa.Column('brand', postgresql.JSONB(), nullable=False, server_default='{}'))
    op.alter_column('deliverable', 'brand', server_default=None)
    op.create_foreign_key(
        op.f('fk_deliverable_tenant_id_document_template_version_id'), 'deliverable', 'document_template_version',
        ['tenant_id', 'document_template_version_id'], ['tenant_id', 'id'],
    )
    for table in ('document_template', 'document_template_version', 'brand'):
        for statement in wall(table):
            op.execute(statement)
