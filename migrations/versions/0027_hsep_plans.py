"""Plans of the Health and Safety Excellence program: topics, steps, and what shows them."""

import sqlalchemy as sa
from alembic import op

from tenants.walls import wall

revision = "0027"
down_revision = "0026"
branch_labels = None
depends_on = None

TABLES = ("hsep_plan", "hsep_topic", "hsep_step", "hsep_proof")


def upgrade():
    op.create_table('hsep_plan',
    sa.Column('tenant_id', sa.Uuid(), nullable=False),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('client_id', sa.Uuid(), nullable=False),
    sa.Column('provider', sa.String(length=120), nullable=False),
    sa.Column('joined_on', sa.Date(), nullable=True),
    sa.Column('approved_on', sa.Date(), nullable=True),
    sa.Column('submitted_on', sa.Date(), nullable=True),
    sa.Column('returned_on', sa.Date(), nullable=True),
    sa.Column('return_by', sa.Date(), nullable=True),
    sa.Column('remarks', sa.String(), nullable=False),
    sa.Column('achieved_on', sa.Date(), nullable=True),
    sa.Column('level', sa.String(length=12), nullable=False),
    sa.Column('badge', sa.String(length=80), nullable=False),
    sa.Column('by_id', sa.Uuid(), nullable=True),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('revision', sa.Integer(), nullable=False),
    sa.CheckConstraint('approved_on >= joined_on and submitted_on >= approved_on and returned_on >= submitted_on', name=op.f('ck_hsep_plan_in_order')),
    sa.CheckConstraint("level in ('', 'foundation', 'intermediate', 'advanced')", name=op.f('ck_hsep_plan_level')),
    sa.ForeignKeyConstraint(['tenant_id', 'by_id'], ['membership.tenant_id', 'membership.id'], name=op.f('fk_hsep_plan_tenant_id_by_id')),
    sa.ForeignKeyConstraint(['tenant_id', 'client_id'], ['client.tenant_id', 'client.id'], name=op.f('fk_hsep_plan_tenant_id_client_id')),
    sa.ForeignKeyConstraint(['tenant_id'], ['tenant.id'], name=op.f('fk_hsep_plan_tenant_id')),
    sa.PrimaryKeyConstraint('tenant_id', 'id', name=op.f('pk_hsep_plan'))
    )
    op.create_index(op.f('ix_hsep_plan_tenant_id_client_id'), 'hsep_plan', ['tenant_id', 'client_id'], unique=False)
    op.create_table('hsep_topic',
    sa.Column('tenant_id', sa.Uuid(), nullable=False),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('hsep_plan_id', sa.Uuid(), nullable=False),
    sa.Column('code', sa.String(length=12), nullable=False),
    sa.Column('title', sa.String(length=120), nullable=False),
    sa.Column('chosen_for', sa.String(length=240), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['tenant_id', 'hsep_plan_id'], ['hsep_plan.tenant_id', 'hsep_plan.id'], name=op.f('fk_hsep_topic_tenant_id_hsep_plan_id')),
    sa.ForeignKeyConstraint(['tenant_id'], ['tenant.id'], name=op.f('fk_hsep_topic_tenant_id')),
    sa.PrimaryKeyConstraint('tenant_id', 'id', name=op.f('pk_hsep_topic')),
    sa.UniqueConstraint('tenant_id', 'hsep_plan_id', 'code', name=op.f('uq_hsep_topic_tenant_id_hsep_plan_id_code'))
    )
    op.create_table('hsep_step',
    sa.Column('tenant_id', sa.Uuid(), nullable=False),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('hsep_topic_id', sa.Uuid(), nullable=False),
    sa.Column('step', sa.SmallInteger(), nullable=False),
    sa.Column('what', sa.String(), nullable=False),
    sa.Column('who', sa.String(length=120), nullable=False),
    sa.Column('due', sa.Date(), nullable=True),
    sa.Column('done_on', sa.Date(), nullable=True),
    sa.Column('remark', sa.String(), nullable=False),
    sa.Column('revision', sa.Integer(), nullable=False),
    sa.CheckConstraint('step between 1 and 5', name=op.f('ck_hsep_step_step')),
    sa.ForeignKeyConstraint(['tenant_id', 'hsep_topic_id'], ['hsep_topic.tenant_id', 'hsep_topic.id'], name=op.f('fk_hsep_step_tenant_id_hsep_topic_id')),
    sa.ForeignKeyConstraint(['tenant_id'], ['tenant.id'], name=op.f('fk_hsep_step_tenant_id')),
    sa.PrimaryKeyConstraint('tenant_id', 'id', name=op.f('pk_hsep_step')),
    sa.UniqueConstraint('tenant_id', 'hsep_topic_id', 'step', name=op.f('uq_hsep_step_tenant_id_hsep_topic_id_step'))
    )
    op.create_table('hsep_proof',
    sa.Column('tenant_id', sa.Uuid(), nullable=False),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('hsep_step_id', sa.Uuid(), nullable=False),
    sa.Column('evidence_id', sa.Uuid(), nullable=False),
    sa.ForeignKeyConstraint(['tenant_id', 'evidence_id'], ['evidence.tenant_id', 'evidence.id'], name=op.f('fk_hsep_proof_tenant_id_evidence_id')),
    sa.ForeignKeyConstraint(['tenant_id', 'hsep_step_id'], ['hsep_step.tenant_id', 'hsep_step.id'], name=op.f('fk_hsep_proof_tenant_id_hsep_step_id')),
    sa.ForeignKeyConstraint(['tenant_id'], ['tenant.id'], name=op.f('fk_hsep_proof_tenant_id')),
    sa.PrimaryKeyConstraint('tenant_id', 'id', name=op.f('pk_hsep_proof')),
    sa.UniqueConstraint('tenant_id', 'hsep_step_id', 'evidence_id', name=op.f('uq_hsep_proof_tenant_id_hsep_step_id_evidence_id'))
    )
    op.create_index(op.f('ix_hsep_proof_tenant_id_evidence_id'), 'hsep_proof', ['tenant_id', 'evidence_id'], unique=False)
    for table in TABLES:
        for statement in wall(table):
            op.execute(statement)


def downgrade():
    for table in reversed(TABLES):
        op.drop_table(table)
