"""A pre-audit's own records: who helped the client before, its plan and meetings, the Stage 1 list, trails followed."""

import sqlalchemy as sa
from alembic import op

from tenants.walls import wall

revision = "0024"
down_revision = "0023"
branch_labels = None
depends_on = None

TABLES = ("involvement", "audit_plan", "plan_line", "attendee", "stage1_answer", "followed_trail", "trail_step")


def key_to(table, target, by=None):
    column = by or f"{target}_id"
    return sa.ForeignKeyConstraint(
        ["tenant_id", column], [f"{target}.tenant_id", f"{target}.id"], name=op.f(f"fk_{table}_tenant_id_{column}")
    )


def owned(table):
    return [
        sa.Column('tenant_id', sa.Uuid(), nullable=False),
        sa.Column('id', sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(['tenant_id'], ['tenant.id'], name=op.f(f'fk_{table}_tenant_id')),
        sa.PrimaryKeyConstraint('tenant_id', 'id', name=op.f(f'pk_{table}')),
    ]


def upgrade():
    op.add_column("assignment", sa.Column("independence_reason", sa.String(), nullable=False, server_default=""))
    op.alter_column("assignment", "independence_reason", server_default=None)
    op.create_table(
        'involvement', *owned('involvement'),
        sa.Column('client_id', sa.Uuid(), nullable=False),
        sa.Column('membership_id', sa.Uuid(), nullable=False),
        sa.Column('part', sa.String(length=12), nullable=False),
        sa.Column('what', sa.String(length=120), nullable=False),
        sa.Column('from_on', sa.Date(), nullable=False),
        sa.Column('until_on', sa.Date(), nullable=True),
        sa.Column('by_id', sa.Uuid(), nullable=True),
        sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("part in ('consulted', 'wrote')", name=op.f('ck_involvement_part')),
        sa.CheckConstraint('until_on >= from_on', name=op.f('ck_involvement_dates')),
        key_to('involvement', 'client'), key_to('involvement', 'membership'),
        key_to('involvement', 'membership', 'by_id'),
    )
    op.create_index(op.f('ix_involvement_tenant_id_client_id'), 'involvement', ['tenant_id', 'client_id'])
    op.create_table(
        'audit_plan', *owned('audit_plan'),
        sa.Column('engagement_id', sa.Uuid(), nullable=False),
        sa.Column('objectives', sa.String(), nullable=False),
        sa.Column('criteria', sa.String(), nullable=False),
        sa.Column('scope', sa.String(), nullable=False),
        sa.Column('registrar', sa.String(length=120), nullable=False),
        sa.Column('stage_1_on', sa.Date(), nullable=True),
        sa.Column('stage_2_on', sa.Date(), nullable=True),
        sa.Column('personnel', sa.Integer(), nullable=True),
        sa.Column('risk', sa.String(length=8), nullable=False),
        sa.Column('shifts', sa.SmallInteger(), nullable=False),
        sa.Column('sites', sa.SmallInteger(), nullable=False),
        sa.Column('adjustment', sa.SmallInteger(), nullable=False),
        sa.Column('adjustment_reason', sa.String(), nullable=False),
        sa.Column('revision', sa.Integer(), nullable=False),
        sa.CheckConstraint('stage_2_on >= stage_1_on', name=op.f('ck_audit_plan_stages')),
        sa.CheckConstraint("risk in ('', 'high', 'medium', 'low')", name=op.f('ck_audit_plan_risk')),
        key_to('audit_plan', 'engagement'),
        sa.UniqueConstraint('tenant_id', 'engagement_id', name=op.f('uq_audit_plan_tenant_id_engagement_id')),
    )
    op.create_table(
        'plan_line', *owned('plan_line'),
        sa.Column('engagement_id', sa.Uuid(), nullable=False),
        sa.Column('day', sa.Date(), nullable=False),
        sa.Column('starts', sa.Time(), nullable=False),
        sa.Column('ends', sa.Time(), nullable=False),
        sa.Column('site_id', sa.Uuid(), nullable=True),
        sa.Column('place', sa.String(length=120), nullable=False),
        sa.Column('activity', sa.String(length=200), nullable=False),
        sa.Column('requirements', sa.String(length=120), nullable=False),
        sa.Column('auditor_id', sa.Uuid(), nullable=True),
        sa.Column('auditee', sa.String(length=120), nullable=False),
        sa.Column('revision', sa.Integer(), nullable=False),
        sa.CheckConstraint('ends > starts', name=op.f('ck_plan_line_times')),
        key_to('plan_line', 'engagement'), key_to('plan_line', 'site'), key_to('plan_line', 'membership', 'auditor_id'),
    )
    op.create_index(op.f('ix_plan_line_tenant_id_engagement_id'), 'plan_line', ['tenant_id', 'engagement_id'])
    op.create_table(
        'attendee', *owned('attendee'),
        sa.Column('engagement_id', sa.Uuid(), nullable=False),
        sa.Column('position', sa.SmallInteger(), nullable=False),
        sa.Column('name', sa.String(length=120), nullable=False),
        sa.Column('role', sa.String(length=120), nullable=False),
        sa.Column('opening', sa.Boolean(), nullable=False),
        sa.Column('closing', sa.Boolean(), nullable=False),
        sa.CheckConstraint('opening or closing', name=op.f('ck_attendee_came')),
        key_to('attendee', 'engagement'),
        sa.UniqueConstraint(
            'tenant_id', 'engagement_id', 'position', name=op.f('uq_attendee_tenant_id_engagement_id_position')
        ),
    )
    op.create_table(
        'stage1_answer', *owned('stage1_answer'),
        sa.Column('engagement_id', sa.Uuid(), nullable=False),
        sa.Column('version', sa.String(length=12), nullable=False),
        sa.Column('item', sa.String(length=12), nullable=False),
        sa.Column('answer', sa.String(length=8), nullable=False),
        sa.Column('note', sa.String(), nullable=False),
        sa.Column('evidence', sa.String(length=200), nullable=False),
        sa.Column('revision', sa.Integer(), nullable=False),
        sa.CheckConstraint("answer in ('yes', 'partly', 'no', 'not_seen')", name=op.f('ck_stage1_answer_answer')),
        key_to('stage1_answer', 'engagement'),
        sa.UniqueConstraint(
            'tenant_id', 'engagement_id', 'version', 'item',
            name=op.f('uq_stage1_answer_tenant_id_engagement_id_version_item'),
        ),
    )
    op.create_table(
        'followed_trail', *owned('followed_trail'),
        sa.Column('engagement_id', sa.Uuid(), nullable=False),
        sa.Column('name', sa.String(length=120), nullable=False),
        sa.Column('result', sa.String(length=8), nullable=False),
        sa.Column('conclusion', sa.String(), nullable=False),
        sa.Column('revision', sa.Integer(), nullable=False),
        sa.CheckConstraint("result in ('open', 'holds', 'breaks')", name=op.f('ck_followed_trail_result')),
        key_to('followed_trail', 'engagement'),
    )
    op.create_index(op.f('ix_followed_trail_tenant_id_engagement_id'), 'followed_trail', ['tenant_id', 'engagement_id'])
    op.create_table(
        'trail_step', *owned('trail_step'),
        sa.Column('followed_trail_id', sa.Uuid(), nullable=False),
        sa.Column('position', sa.SmallInteger(), nullable=False),
        sa.Column('requirement', sa.String(length=20), nullable=False),
        sa.Column('seen', sa.String(), nullable=False),
        sa.Column('method', sa.String(length=12), nullable=False),
        sa.CheckConstraint("method in ('document', 'interview', 'observation')", name=op.f('ck_trail_step_method')),
        key_to('trail_step', 'followed_trail'),
        sa.UniqueConstraint(
            'tenant_id', 'followed_trail_id', 'position',
            name=op.f('uq_trail_step_tenant_id_followed_trail_id_position'),
        ),
    )
    for table in TABLES:
        for statement in wall(table):
            op.execute(statement)


def downgrade():
    for table in reversed(TABLES):
        op.drop_table(table)
    op.drop_column("assignment", "independence_reason")
