"""Findings and corrective actions at length: saved filters, phrases, how a cause was found, one action for many."""

import sqlalchemy as sa
from alembic import op

from tenants.walls import wall

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None

LATER_COLUMNS = (
    "why_1", "why_2", "why_3", "why_4", "why_5",
    "bone_people", "bone_method", "bone_machine", "bone_material", "bone_environment", "bone_measurement",
)  # fmt: skip


def upgrade():
    op.create_table('saved_filter',
    sa.Column('tenant_id', sa.Uuid(), nullable=False),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('membership_id', sa.Uuid(), nullable=False),
    sa.Column('list_name', sa.String(length=20), nullable=False),
    sa.Column('name', sa.String(length=40), nullable=False),
    sa.Column('query', sa.String(length=500), nullable=False),
    sa.Column('is_default', sa.Boolean(), nullable=False),
    sa.CheckConstraint("list_name in ('findings', 'corrective_actions')", name=op.f('ck_saved_filter_list_name')),
    sa.ForeignKeyConstraint(['tenant_id', 'membership_id'], ['membership.tenant_id', 'membership.id'], name=op.f('fk_saved_filter_tenant_id_membership_id')),
    sa.ForeignKeyConstraint(['tenant_id'], ['tenant.id'], name=op.f('fk_saved_filter_tenant_id')),
    sa.PrimaryKeyConstraint('tenant_id', 'id', name=op.f('pk_saved_filter')),
    sa.UniqueConstraint('tenant_id', 'membership_id', 'list_name', 'name', name=op.f('uq_saved_filter_tenant_id_membership_id_list_name_name'))
    )
    op.create_table('phrase',
    sa.Column('tenant_id', sa.Uuid(), nullable=False),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('standard', sa.String(length=40), nullable=False),
    sa.Column('requirement', sa.String(length=20), nullable=False),
    sa.Column('language', sa.String(length=2), nullable=False),
    sa.Column('part', sa.String(length=16), nullable=False),
    sa.Column('text', sa.String(), nullable=False),
    sa.Column('written_by_id', sa.Uuid(), nullable=True),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('retired_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('revision', sa.Integer(), nullable=False),
    sa.CheckConstraint("part in ('statement', 'recommendation')", name=op.f('ck_phrase_part')),
    sa.CheckConstraint("language in ('en', 'fr')", name=op.f('ck_phrase_language')),
    sa.ForeignKeyConstraint(['tenant_id', 'written_by_id'], ['membership.tenant_id', 'membership.id'], name=op.f('fk_phrase_tenant_id_written_by_id')),
    sa.ForeignKeyConstraint(['tenant_id'], ['tenant.id'], name=op.f('fk_phrase_tenant_id')),
    sa.PrimaryKeyConstraint('tenant_id', 'id', name=op.f('pk_phrase'))
    )
    op.create_index('ix_phrase_requirement', 'phrase', ['tenant_id', 'standard', 'requirement'])
    for name in LATER_COLUMNS:
        op.add_column("corrective_action", sa.Column(name, sa.String(), nullable=False, server_default=""))
        op.alter_column("corrective_action", name, server_default=None)
    op.add_column("corrective_action", sa.Column("effect_due", sa.Date(), nullable=True))
    op.add_column(
        "corrective_action", sa.Column("effect_result", sa.String(length=16), nullable=False, server_default="")
    )
    op.alter_column("corrective_action", "effect_result", server_default=None)
    op.create_check_constraint(
        op.f("ck_corrective_action_effect_result"), "corrective_action",
        "effect_result in ('', 'effective', 'partly', 'not_effective')",
    )
    op.create_index("ix_corrective_action_finding", "corrective_action", ["tenant_id", "finding_id"])
    op.create_table('also_answers',
    sa.Column('tenant_id', sa.Uuid(), nullable=False),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('corrective_action_id', sa.Uuid(), nullable=False),
    sa.Column('finding_id', sa.Uuid(), nullable=False),
    sa.ForeignKeyConstraint(['tenant_id', 'corrective_action_id'], ['corrective_action.tenant_id', 'corrective_action.id'], name=op.f('fk_also_answers_tenant_id_corrective_action_id')),
    sa.ForeignKeyConstraint(['tenant_id', 'finding_id'], ['finding.tenant_id', 'finding.id'], name=op.f('fk_also_answers_tenant_id_finding_id')),
    sa.ForeignKeyConstraint(['tenant_id'], ['tenant.id'], name=op.f('fk_also_answers_tenant_id')),
    sa.PrimaryKeyConstraint('tenant_id', 'id', name=op.f('pk_also_answers')),
    sa.UniqueConstraint('tenant_id', 'corrective_action_id', 'finding_id', name=op.f('uq_also_answers_tenant_id_corrective_action_id_finding_id'))
    )
    op.create_index("ix_also_answers_finding", "also_answers", ["tenant_id", "finding_id"])
    for table in ("saved_filter", "phrase", "also_answers"):
        for statement in wall(table):
            op.execute(statement)


def downgrade():
    for table in ("also_answers", "phrase", "saved_filter"):
        op.drop_table(table)
    op.drop_index("ix_corrective_action_finding", "corrective_action")
    op.drop_constraint(op.f("ck_corrective_action_effect_result"), "corrective_action")
    for name in (*LATER_COLUMNS, "effect_due", "effect_result"):
        op.drop_column("corrective_action", name)
