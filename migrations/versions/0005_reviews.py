"""Review and approval, hand-edited copies, recipients and the end of access."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from tenants.walls import CLIENT, wall

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade():
    op.add_column('tenant', sa.Column('approve_by_another', sa.Boolean(), nullable=False, server_default=sa.false()))
    op.add_column('deliverable', sa.Column('snapshot_sha256', sa.String(length=64), nullable=False, server_default=''))
    op.add_column('deliverable', sa.Column('edited_from_id', sa.Uuid(), nullable=True))
    op.add_column('deliverable', sa.Column('recipients', postgresql.JSONB(), nullable=False, server_default='[]'))
    op.add_column('deliverable', sa.Column('expires_on', sa.Date(), nullable=True))
    for table, column in (('tenant', 'approve_by_another'), ('deliverable', 'snapshot_sha256'), ('deliverable', 'recipients')):
        op.alter_column(table, column, server_default=None)  # it was for the rows that were there
    op.create_foreign_key(
        op.f('fk_deliverable_tenant_id_edited_from_id'), 'deliverable', 'deliverable',
        ['tenant_id', 'edited_from_id'], ['tenant_id', 'id'],
    )
    op.create_table('review_note',
    sa.Column('tenant_id', sa.Uuid(), nullable=False),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('deliverable_id', sa.Uuid(), nullable=False),
    sa.Column('page', sa.SmallInteger(), nullable=True),
    sa.Column('text', sa.String(), nullable=False),
    sa.Column('by_id', sa.Uuid(), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('settled_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('settled_by_id', sa.Uuid(), nullable=True),
    sa.CheckConstraint('page between 1 and 2000', name=op.f('ck_review_note_page')),
    sa.CheckConstraint('(settled_at is null) = (settled_by_id is null)', name=op.f('ck_review_note_settled')),
    sa.ForeignKeyConstraint(['tenant_id', 'by_id'], ['membership.tenant_id', 'membership.id'], name=op.f('fk_review_note_tenant_id_by_id')),
    sa.ForeignKeyConstraint(['tenant_id', 'deliverable_id'], ['deliverable.tenant_id', 'deliverable.id'], name=op.f('fk_review_note_tenant_id_deliverable_id')),
    sa.ForeignKeyConstraint(['tenant_id', 'settled_by_id'], ['membership.tenant_id', 'membership.id'], name=op.f('fk_review_note_tenant_id_settled_by_id')),
    sa.ForeignKeyConstraint(['tenant_id'], ['tenant.id'], name=op.f('fk_review_note_tenant_id')),
    sa.PrimaryKeyConstraint('tenant_id', 'id', name=op.f('pk_review_note'))
    )
    op.create_index(op.f('ix_review_note_tenant_id_deliverable_id'), 'review_note', ['tenant_id', 'deliverable_id'], unique=False)
    for statement in the_walls():
        op.execute(statement)


# Released, and the last day of access has not passed: on Ontario's calendar.
STILL_OPEN = """
  standing = 'released' and (expires_on is null or expires_on >= (now() at time zone 'America/Toronto')::date)
"""


def the_walls():
    yield from wall("review_note")
    yield f"alter policy own_employer on deliverable using ({CLIENT} is null or client_id = {CLIENT} and ({STILL_OPEN}))"
