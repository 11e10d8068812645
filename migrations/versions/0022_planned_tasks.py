"""What is planned for the tasks of a roadmap."""

import sqlalchemy as sa
from alembic import op

from tenants.walls import wall

revision = "0022"
down_revision = "0021"
branch_labels = None
depends_on = None


def upgrade():
    op.create_table('planned_task',
    sa.Column('tenant_id', sa.Uuid(), nullable=False),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('engagement_id', sa.Uuid(), nullable=False),
    sa.Column('source', sa.String(length=12), nullable=False),
    sa.Column('key', sa.String(length=40), nullable=False),
    sa.Column('side', sa.String(length=12), nullable=False),
    sa.Column('owner_text', sa.String(length=120), nullable=False),
    sa.Column('phase', sa.String(length=12), nullable=False),
    sa.Column('starts_on', sa.Date(), nullable=True),
    sa.Column('due', sa.Date(), nullable=True),
    sa.Column('effort_days', sa.Float(), nullable=True),
    sa.Column('depends_on_id', sa.Uuid(), nullable=True),
    sa.Column('percent', sa.SmallInteger(), nullable=False),
    sa.Column('done_when', sa.String(), nullable=False),
    sa.Column('revision', sa.Integer(), nullable=False),
    sa.CheckConstraint("source in ('finding', 'requirement', 'document', 'training')", name=op.f('ck_planned_task_source')),
    sa.CheckConstraint("side in ('', 'client', 'consultancy')", name=op.f('ck_planned_task_side')),
    sa.CheckConstraint('due >= starts_on', name=op.f('ck_planned_task_dates')),
    sa.CheckConstraint('effort_days > 0', name=op.f('ck_planned_task_effort_days')),
    sa.CheckConstraint('percent between 0 and 100', name=op.f('ck_planned_task_percent')),
    sa.ForeignKeyConstraint(['tenant_id', 'engagement_id'], ['engagement.tenant_id', 'engagement.id'], name=op.f('fk_planned_task_tenant_id_engagement_id')),
    sa.ForeignKeyConstraint(['tenant_id', 'depends_on_id'], ['planned_task.tenant_id', 'planned_task.id'], name=op.f('fk_planned_task_tenant_id_depends_on_id')),
    sa.ForeignKeyConstraint(['tenant_id'], ['tenant.id'], name=op.f('fk_planned_task_tenant_id')),
    sa.PrimaryKeyConstraint('tenant_id', 'id', name=op.f('pk_planned_task')),
    sa.UniqueConstraint('tenant_id', 'engagement_id', 'source', 'key', name=op.f('uq_planned_task_tenant_id_engagement_id_source_key'))
    )
    for statement in wall("planned_task"):
        op.execute(statement)


def downgrade():
    op.drop_table("planned_task")
