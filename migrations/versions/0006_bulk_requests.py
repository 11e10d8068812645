"""Bulk requests."""

import sqlalchemy as sa
from alembic import op

from tenants.walls import dispatch_function, dispatch_sees, wall

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade():
    op.create_table('bulk_request',
    sa.Column('tenant_id', sa.Uuid(), nullable=False),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('kind', sa.String(length=24), nullable=False),
    sa.Column('language', sa.String(length=2), nullable=False),
    sa.Column('request_key', sa.String(length=64), nullable=False),
    sa.Column('not_before', sa.DateTime(timezone=True), nullable=False),
    sa.Column('requested_by_id', sa.Uuid(), nullable=False),
    sa.Column('requested_at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['tenant_id', 'requested_by_id'], ['membership.tenant_id', 'membership.id'], name=op.f('fk_bulk_request_tenant_id_requested_by_id')),
    sa.ForeignKeyConstraint(['tenant_id'], ['tenant.id'], name=op.f('fk_bulk_request_tenant_id')),
    sa.PrimaryKeyConstraint('tenant_id', 'id', name=op.f('pk_bulk_request')),
    sa.UniqueConstraint('tenant_id', 'request_key', name=op.f('uq_bulk_request_tenant_id_request_key'))
    )
    op.create_table('bulk_item',
    sa.Column('tenant_id', sa.Uuid(), nullable=False),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('bulk_request_id', sa.Uuid(), nullable=False),
    sa.Column('engagement_id', sa.Uuid(), nullable=False),
    sa.Column('deliverable_id', sa.Uuid(), nullable=True),
    sa.Column('problem', sa.String(), nullable=False),
    sa.Column('not_before', sa.DateTime(timezone=True), nullable=False),
    sa.Column('asked_by_id', sa.Uuid(), nullable=False),
    sa.Column('tries', sa.SmallInteger(), nullable=False),
    sa.ForeignKeyConstraint(['tenant_id', 'asked_by_id'], ['membership.tenant_id', 'membership.id'], name=op.f('fk_bulk_item_tenant_id_asked_by_id')),
    sa.ForeignKeyConstraint(['tenant_id', 'bulk_request_id'], ['bulk_request.tenant_id', 'bulk_request.id'], name=op.f('fk_bulk_item_tenant_id_bulk_request_id')),
    sa.ForeignKeyConstraint(['tenant_id', 'deliverable_id'], ['deliverable.tenant_id', 'deliverable.id'], name=op.f('fk_bulk_item_tenant_id_deliverable_id')),
    sa.ForeignKeyConstraint(['tenant_id', 'engagement_id'], ['engagement.tenant_id', 'engagement.id'], name=op.f('fk_bulk_item_tenant_id_engagement_id')),
    sa.ForeignKeyConstraint(['tenant_id'], ['tenant.id'], name=op.f('fk_bulk_item_tenant_id')),
    sa.PrimaryKeyConstraint('tenant_id', 'id', name=op.f('pk_bulk_item')),
    sa.UniqueConstraint('tenant_id', 'bulk_request_id', 'engagement_id', name=op.f('uq_bulk_item_tenant_id_bulk_request_id_engagement_id'))
    )
    op.create_index('ix_bulk_item_due', 'bulk_item', ['tenant_id', 'not_before'], unique=False, postgresql_where=sa.text("deliverable_id is null and problem = ''"))
    for statement in the_walls():
        op.execute(statement)


# An item is locked until the caller's transaction ends: it is collected in that transaction, or waits on.
NEXT_BULK_ITEM = """
  select i.tenant_id, i.id from bulk_item i join tenant t on t.id = i.tenant_id
  where t.suspended_at is null and i.deliverable_id is null and i.problem = '' and i.not_before <= now()
  order by t.last_served_at nulls first, i.not_before, i.id
  limit 1 for update of i skip locked
"""

# As in 0002, with what waits to be collected.
DELIVERABLES_DUE = """
  select (
    select count(*) from deliverable d join tenant t on t.id = d.tenant_id
    where t.suspended_at is null
      and (d.production = 'queued' and d.run_after <= now() or d.production = 'writing' and d.lease_until < now())
  ) + (
    select count(*) from bulk_item i join tenant t on t.id = i.tenant_id
    where t.suspended_at is null and i.deliverable_id is null and i.problem = '' and i.not_before <= now()
  )
"""


def the_walls():
    for table in ("bulk_request", "bulk_item"):
        yield from wall(table)
    yield "grant create on schema public to consultancy_dispatch"
    # locking a row asks for the right to update one of its columns
    yield from dispatch_sees(
        "bulk_item", "tenant_id, id, deliverable_id, problem, not_before", "deliverable_id is null and problem = ''",
        updates="problem",
    )
    yield from dispatch_function("next_bulk_item() returns table (tenant_id uuid, id uuid)", NEXT_BULK_ITEM)
    yield "drop function deliverables_due()"
    yield from dispatch_function("deliverables_due() returns bigint", DELIVERABLES_DUE)
    yield "revoke create on schema public from consultancy_dispatch"
