"""Interviews: one person asked, by number only, what they confirmed of each requirement, and the sample agreed on."""

import sqlalchemy as sa
from alembic import op

from tenants.walls import wall

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None


def upgrade():
    op.add_column("engagement", sa.Column("sample_people", sa.Integer(), nullable=True))
    op.add_column("engagement", sa.Column("sample_shifts", sa.SmallInteger(), nullable=False, server_default="1"))
    op.add_column("engagement", sa.Column("interviews_numbered", sa.Integer(), nullable=False, server_default="0"))
    op.alter_column("engagement", "sample_shifts", server_default=None)
    op.alter_column("engagement", "interviews_numbered", server_default=None)
    op.create_table('interview',
    sa.Column('tenant_id', sa.Uuid(), nullable=False),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('engagement_id', sa.Uuid(), nullable=False),
    sa.Column('number', sa.Integer(), nullable=False),
    sa.Column('role', sa.String(length=20), nullable=False),
    sa.Column('site_id', sa.Uuid(), nullable=True),
    sa.Column('shift', sa.SmallInteger(), nullable=True),
    sa.Column('held_on', sa.Date(), nullable=False),
    sa.Column('note', sa.String(), nullable=False),
    sa.Column('by_id', sa.Uuid(), nullable=True),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('changed_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('revision', sa.Integer(), nullable=False),
    sa.CheckConstraint('shift between 1 and 6', name=op.f('ck_interview_shift')),
    sa.ForeignKeyConstraint(['tenant_id', 'by_id'], ['membership.tenant_id', 'membership.id'], name=op.f('fk_interview_tenant_id_by_id')),
    sa.ForeignKeyConstraint(['tenant_id', 'engagement_id'], ['engagement.tenant_id', 'engagement.id'], name=op.f('fk_interview_tenant_id_engagement_id')),
    sa.ForeignKeyConstraint(['tenant_id', 'site_id'], ['site.tenant_id', 'site.id'], name=op.f('fk_interview_tenant_id_site_id')),
    sa.ForeignKeyConstraint(['tenant_id'], ['tenant.id'], name=op.f('fk_interview_tenant_id')),
    sa.PrimaryKeyConstraint('tenant_id', 'id', name=op.f('pk_interview')),
    sa.UniqueConstraint('tenant_id', 'engagement_id', 'number', name=op.f('uq_interview_tenant_id_engagement_id_number'))
    )
    op.create_table('interview_answer',
    sa.Column('tenant_id', sa.Uuid(), nullable=False),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('interview_id', sa.Uuid(), nullable=False),
    sa.Column('standard', sa.String(length=40), nullable=False),
    sa.Column('requirement', sa.String(length=20), nullable=False),
    sa.Column('confirmed', sa.String(length=8), nullable=False),
    sa.Column('note', sa.String(), nullable=False),
    sa.CheckConstraint("confirmed in ('yes', 'partly', 'no', 'unknown')", name=op.f('ck_interview_answer_confirmed')),
    sa.ForeignKeyConstraint(['tenant_id', 'interview_id'], ['interview.tenant_id', 'interview.id'], name=op.f('fk_interview_answer_tenant_id_interview_id')),
    sa.ForeignKeyConstraint(['tenant_id'], ['tenant.id'], name=op.f('fk_interview_answer_tenant_id')),
    sa.PrimaryKeyConstraint('tenant_id', 'id', name=op.f('pk_interview_answer')),
    sa.UniqueConstraint('tenant_id', 'interview_id', 'standard', 'requirement', name=op.f('uq_interview_answer_tenant_id_interview_id_standard_requirement'))
    )
    for table in ("interview", "interview_answer"):
        for statement in wall(table):
            op.execute(statement)


def downgrade():
    op.drop_table("interview_answer")
    op.drop_table("interview")
    op.drop_column("engagement", "interviews_numbered")
    op.drop_column("engagement", "sample_shifts")
    op.drop_column("engagement", "sample_people")
