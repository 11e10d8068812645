"""Evidence: files of a client, and the requirements they speak for."""

import sqlalchemy as sa
from alembic import op

from tenants.walls import dispatch_function, dispatch_sees, wall

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None


def upgrade():
    op.create_table('evidence',
    sa.Column('tenant_id', sa.Uuid(), nullable=False),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('client_id', sa.Uuid(), nullable=False),
    sa.Column('engagement_id', sa.Uuid(), nullable=False),
    sa.Column('title', sa.String(length=120), nullable=False),
    sa.Column('source', sa.String(length=12), nullable=False),
    sa.Column('effective_on', sa.Date(), nullable=True),
    sa.Column('note', sa.String(), nullable=False),
    sa.Column('file_name', sa.String(length=120), nullable=False),
    sa.Column('file_key', sa.String(), nullable=True),
    sa.Column('small_file_key', sa.String(), nullable=True),
    sa.Column('large_file_key', sa.String(), nullable=True),
    sa.Column('sha256', sa.String(length=64), nullable=False),
    sa.Column('sent_sha256', sa.String(length=64), nullable=False),
    sa.Column('size', sa.Integer(), nullable=False),
    sa.Column('kind', sa.String(length=4), nullable=False),
    sa.Column('width', sa.Integer(), nullable=False),
    sa.Column('height', sa.Integer(), nullable=False),
    sa.Column('state', sa.String(length=12), nullable=False),
    sa.Column('virus', sa.String(length=120), nullable=False),
    sa.Column('checks', sa.SmallInteger(), nullable=False),
    sa.Column('check_after', sa.DateTime(timezone=True), nullable=False),
    sa.Column('checked_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('uploaded_by_id', sa.Uuid(), nullable=True),
    sa.Column('uploaded_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('retired_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('retired_reason', sa.String(), nullable=False),
    sa.Column('revision', sa.Integer(), nullable=False),
    sa.CheckConstraint("state in ('quarantined', 'clean', 'infected')", name=op.f('ck_evidence_state')),
    sa.CheckConstraint("source in ('document', 'record', 'interview', 'observation')", name=op.f('ck_evidence_source')),
    sa.ForeignKeyConstraint(['tenant_id', 'client_id'], ['client.tenant_id', 'client.id'], name=op.f('fk_evidence_tenant_id_client_id')),
    sa.ForeignKeyConstraint(['tenant_id', 'engagement_id'], ['engagement.tenant_id', 'engagement.id'], name=op.f('fk_evidence_tenant_id_engagement_id')),
    sa.ForeignKeyConstraint(['tenant_id', 'uploaded_by_id'], ['membership.tenant_id', 'membership.id'], name=op.f('fk_evidence_tenant_id_uploaded_by_id')),
    sa.ForeignKeyConstraint(['tenant_id'], ['tenant.id'], name=op.f('fk_evidence_tenant_id')),
    sa.PrimaryKeyConstraint('tenant_id', 'id', name=op.f('pk_evidence'))
    )
    op.create_index(op.f('ix_evidence_tenant_id_client_id_sent_sha256'), 'evidence', ['tenant_id', 'client_id', 'sent_sha256'])
    op.create_index(op.f('ix_evidence_tenant_id_engagement_id'), 'evidence', ['tenant_id', 'engagement_id'])
    op.create_index('ix_evidence_quarantined', 'evidence', ['tenant_id', 'check_after'], postgresql_where=sa.text("state = 'quarantined'"))
    op.create_table('evidence_link',
    sa.Column('tenant_id', sa.Uuid(), nullable=False),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('evidence_id', sa.Uuid(), nullable=False),
    sa.Column('assessment_id', sa.Uuid(), nullable=False),
    sa.Column('requirement', sa.String(length=20), nullable=False),
    sa.Column('linked_at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['tenant_id', 'assessment_id'], ['assessment.tenant_id', 'assessment.id'], name=op.f('fk_evidence_link_tenant_id_assessment_id')),
    sa.ForeignKeyConstraint(['tenant_id', 'evidence_id'], ['evidence.tenant_id', 'evidence.id'], name=op.f('fk_evidence_link_tenant_id_evidence_id')),
    sa.ForeignKeyConstraint(['tenant_id'], ['tenant.id'], name=op.f('fk_evidence_link_tenant_id')),
    sa.PrimaryKeyConstraint('tenant_id', 'id', name=op.f('pk_evidence_link')),
    sa.UniqueConstraint('tenant_id', 'assessment_id', 'requirement', 'evidence_id', name=op.f('uq_evidence_link_tenant_id_assessment_id_requirement_evidence_id'))
    )
    op.create_index(op.f('ix_evidence_link_tenant_id_evidence_id'), 'evidence_link', ['tenant_id', 'evidence_id'])
    for statement in the_walls():
        op.execute(statement)


EVIDENCE_DUE = """
  select e.tenant_id, e.id from evidence e
  where e.state = 'quarantined' and e.check_after <= now()
  order by e.check_after limit 100
"""


def the_walls():
    for table in ("evidence", "evidence_link"):
        yield from wall(table)
    yield "grant create on schema public to consultancy_dispatch"
    yield from dispatch_sees("evidence", "tenant_id, id, state, check_after", "state = 'quarantined'")
    yield from dispatch_function("evidence_due() returns table (tenant_id uuid, id uuid)", EVIDENCE_DUE)
    yield "revoke create on schema public from consultancy_dispatch"


def downgrade():
    op.execute("drop function evidence_due()")
    op.drop_table("evidence_link")
    op.drop_table("evidence")
