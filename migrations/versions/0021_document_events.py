"""The life of a program document: consultation, approval, review, acknowledgement."""

import sqlalchemy as sa
from alembic import op

from tenants.walls import wall

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None


def upgrade():
    op.add_column('register_entry', sa.Column('effective_on', sa.Date(), nullable=True))
    op.add_column('register_entry', sa.Column('author', sa.String(length=120), nullable=False, server_default=''))
    op.alter_column('register_entry', 'author', server_default=None)  # it was for the rows that were there
    op.create_table('document_event',
    sa.Column('tenant_id', sa.Uuid(), nullable=False),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('register_entry_id', sa.Uuid(), nullable=False),
    sa.Column('kind', sa.String(length=16), nullable=False),
    sa.Column('held_on', sa.Date(), nullable=False),
    sa.Column('issue', sa.String(length=20), nullable=False),
    sa.Column('who', sa.String(length=120), nullable=False),
    sa.Column('part', sa.String(length=16), nullable=False),
    sa.Column('note', sa.String(), nullable=False),
    sa.Column('effective_on', sa.Date(), nullable=True),
    sa.Column('review_due', sa.Date(), nullable=True),
    sa.Column('reached', sa.Integer(), nullable=True),
    sa.Column('invited', sa.Integer(), nullable=True),
    sa.Column('names', sa.String(), nullable=False),
    sa.Column('struck_reason', sa.String(), nullable=False),
    sa.Column('by_id', sa.Uuid(), nullable=True),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.CheckConstraint("kind in ('consultation', 'approval', 'review', 'acknowledgement')", name=op.f('ck_document_event_kind')),
    sa.CheckConstraint("part in ('', 'committee', 'representative', 'workers')", name=op.f('ck_document_event_part')),
    sa.CheckConstraint("(kind = 'consultation') = (part <> '')", name=op.f('ck_document_event_consulted_part')),
    sa.CheckConstraint("(kind = 'acknowledgement') = (reached is not null)", name=op.f('ck_document_event_acknowledged')),
    sa.CheckConstraint('invited >= 1 and reached between 0 and invited', name=op.f('ck_document_event_reached')),
    sa.ForeignKeyConstraint(['tenant_id', 'by_id'], ['membership.tenant_id', 'membership.id'], name=op.f('fk_document_event_tenant_id_by_id')),
    sa.ForeignKeyConstraint(['tenant_id', 'register_entry_id'], ['register_entry.tenant_id', 'register_entry.id'], name=op.f('fk_document_event_tenant_id_register_entry_id')),
    sa.ForeignKeyConstraint(['tenant_id'], ['tenant.id'], name=op.f('fk_document_event_tenant_id')),
    sa.PrimaryKeyConstraint('tenant_id', 'id', name=op.f('pk_document_event'))
    )
    op.create_index(op.f('ix_document_event_tenant_id_register_entry_id'), 'document_event', ['tenant_id', 'register_entry_id'], unique=False)
    for statement in wall("document_event"):
        op.execute(statement)


def downgrade():
    op.drop_table('document_event')
    op.drop_column('register_entry', 'author')
    op.drop_column('register_entry', 'effective_on')
