"""Premiums of clients, and amounts of rebates that the consultancy enters."""

import sqlalchemy as sa
from alembic import op

from tenants.walls import wall

revision = "0026"
down_revision = "0025"
branch_labels = None
depends_on = None

TABLES = ("premium", "own_premium_band", "sose_amount")


def upgrade():
    op.create_table('premium',
    sa.Column('tenant_id', sa.Uuid(), nullable=False),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('client_id', sa.Uuid(), nullable=False),
    sa.Column('year', sa.SmallInteger(), nullable=False),
    sa.Column('amount', sa.Numeric(precision=12, scale=2), nullable=False),
    sa.Column('predictability', sa.String(length=8), nullable=False),
    sa.Column('by_id', sa.Uuid(), nullable=True),
    sa.Column('entered_at', sa.DateTime(timezone=True), nullable=False),
    sa.CheckConstraint('amount > 0', name=op.f('ck_premium_amount')),
    sa.CheckConstraint("predictability in ('low', 'high', 'unknown')", name=op.f('ck_premium_predictability')),
    sa.ForeignKeyConstraint(['tenant_id', 'by_id'], ['membership.tenant_id', 'membership.id'], name=op.f('fk_premium_tenant_id_by_id')),
    sa.ForeignKeyConstraint(['tenant_id', 'client_id'], ['client.tenant_id', 'client.id'], name=op.f('fk_premium_tenant_id_client_id')),
    sa.ForeignKeyConstraint(['tenant_id'], ['tenant.id'], name=op.f('fk_premium_tenant_id')),
    sa.PrimaryKeyConstraint('tenant_id', 'id', name=op.f('pk_premium')),
    sa.UniqueConstraint('tenant_id', 'client_id', 'year', name=op.f('uq_premium_tenant_id_client_id_year'))
    )
    op.create_table('own_premium_band',
    sa.Column('tenant_id', sa.Uuid(), nullable=False),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('lowest', sa.Integer(), nullable=False),
    sa.Column('highest', sa.Integer(), nullable=True),
    sa.Column('per_topic', sa.Numeric(precision=12, scale=2), nullable=False),
    sa.Column('source', sa.String(length=200), nullable=False),
    sa.Column('seen_on', sa.Date(), nullable=False),
    sa.Column('by_id', sa.Uuid(), nullable=True),
    sa.CheckConstraint('lowest >= 1', name=op.f('ck_own_premium_band_lowest')),
    sa.CheckConstraint('highest >= lowest', name=op.f('ck_own_premium_band_highest')),
    sa.CheckConstraint('per_topic > 0', name=op.f('ck_own_premium_band_per_topic')),
    sa.CheckConstraint("source <> ''", name=op.f('ck_own_premium_band_source')),
    sa.ForeignKeyConstraint(['tenant_id', 'by_id'], ['membership.tenant_id', 'membership.id'], name=op.f('fk_own_premium_band_tenant_id_by_id')),
    sa.ForeignKeyConstraint(['tenant_id'], ['tenant.id'], name=op.f('fk_own_premium_band_tenant_id')),
    sa.PrimaryKeyConstraint('tenant_id', 'id', name=op.f('pk_own_premium_band'))
    )
    op.create_table('sose_amount',
    sa.Column('tenant_id', sa.Uuid(), nullable=False),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('client_id', sa.Uuid(), nullable=False),
    sa.Column('program_year', sa.SmallInteger(), nullable=False),
    sa.Column('amount', sa.Numeric(precision=12, scale=2), nullable=False),
    sa.Column('source', sa.String(length=200), nullable=False),
    sa.Column('seen_on', sa.Date(), nullable=False),
    sa.Column('by_id', sa.Uuid(), nullable=True),
    sa.CheckConstraint('program_year between 1 and 3', name=op.f('ck_sose_amount_program_year')),
    sa.CheckConstraint('amount > 0', name=op.f('ck_sose_amount_amount')),
    sa.CheckConstraint("source <> ''", name=op.f('ck_sose_amount_source')),
    sa.ForeignKeyConstraint(['tenant_id', 'by_id'], ['membership.tenant_id', 'membership.id'], name=op.f('fk_sose_amount_tenant_id_by_id')),
    sa.ForeignKeyConstraint(['tenant_id', 'client_id'], ['client.tenant_id', 'client.id'], name=op.f('fk_sose_amount_tenant_id_client_id')),
    sa.ForeignKeyConstraint(['tenant_id'], ['tenant.id'], name=op.f('fk_sose_amount_tenant_id')),
    sa.PrimaryKeyConstraint('tenant_id', 'id', name=op.f('pk_sose_amount')),
    sa.UniqueConstraint('tenant_id', 'client_id', 'program_year', name=op.f('uq_sose_amount_tenant_id_client_id_program_year'))
    )
    for table in TABLES:
        for statement in wall(table):
            op.execute(statement)


def downgrade():
    for table in reversed(TABLES):
        op.drop_table(table)
