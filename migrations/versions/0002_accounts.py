"""Accounts, the operator, comments, mail and retention."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from tenants.walls import dispatch_function, dispatch_sees, open_table, wall

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade():
    op.create_table('platform_audit',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('verb', sa.String(length=60), nullable=False),
    sa.Column('by_person_id', sa.Uuid(), nullable=True),
    sa.Column('tenant_id', sa.Uuid(), nullable=True),
    sa.Column('details', postgresql.JSONB(), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_platform_audit'))
    )
    op.create_index(op.f('ix_platform_audit_at'), 'platform_audit', ['at'], unique=False)
    op.create_table('platform_message',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('to_email', sa.String(length=254), nullable=False),
    sa.Column('subject', sa.String(length=200), nullable=False),
    sa.Column('body', sa.String(), nullable=False),
    sa.Column('message_id', sa.String(length=120), nullable=False),
    sa.Column('state', sa.String(length=10), nullable=False),
    sa.Column('attempts', sa.SmallInteger(), nullable=False),
    sa.Column('run_after', sa.DateTime(timezone=True), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('sent_at', sa.DateTime(timezone=True), nullable=True),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_platform_message'))
    )
    op.create_table('throttle',
    sa.Column('key', sa.String(length=80), nullable=False),
    sa.Column('window', sa.DateTime(timezone=True), nullable=False),
    sa.Column('tries', sa.Integer(), nullable=False),
    sa.PrimaryKeyConstraint('key', 'window', name=op.f('pk_throttle'))
    )
    op.create_table('deletion_certificate',
    sa.Column('tenant_id', sa.Uuid(), nullable=False),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('subject', sa.String(length=40), nullable=False),
    sa.Column('subject_id', sa.Uuid(), nullable=False),
    sa.Column('label', sa.String(length=160), nullable=False),
    sa.Column('reason', sa.String(), nullable=False),
    sa.Column('counts', postgresql.JSONB(), nullable=False),
    sa.Column('files_sha256', postgresql.JSONB(), nullable=False),
    sa.Column('by_id', sa.Uuid(), nullable=True),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['tenant_id'], ['tenant.id'], name=op.f('fk_deletion_certificate_tenant_id')),
    sa.PrimaryKeyConstraint('tenant_id', 'id', name=op.f('pk_deletion_certificate'))
    )
    op.create_table('message',
    sa.Column('tenant_id', sa.Uuid(), nullable=False),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('to_email', sa.String(length=254), nullable=False),
    sa.Column('subject', sa.String(length=200), nullable=False),
    sa.Column('body', sa.String(), nullable=False),
    sa.Column('message_id', sa.String(length=120), nullable=False),
    sa.Column('state', sa.String(length=10), nullable=False),
    sa.Column('attempts', sa.SmallInteger(), nullable=False),
    sa.Column('run_after', sa.DateTime(timezone=True), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('sent_at', sa.DateTime(timezone=True), nullable=True),
    sa.ForeignKeyConstraint(['tenant_id'], ['tenant.id'], name=op.f('fk_message_tenant_id')),
    sa.PrimaryKeyConstraint('tenant_id', 'id', name=op.f('pk_message'))
    )
    op.create_index('ix_message_waiting', 'message', ['tenant_id', 'run_after'], unique=False, postgresql_where=sa.text("state = 'waiting'"))
    op.create_table('retention_rule',
    sa.Column('tenant_id', sa.Uuid(), nullable=False),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('record_class', sa.String(length=24), nullable=False),
    sa.Column('years', sa.SmallInteger(), nullable=False),
    sa.CheckConstraint('years between 1 and 60', name=op.f('ck_retention_rule_years')),
    sa.ForeignKeyConstraint(['tenant_id'], ['tenant.id'], name=op.f('fk_retention_rule_tenant_id')),
    sa.PrimaryKeyConstraint('tenant_id', 'id', name=op.f('pk_retention_rule')),
    sa.UniqueConstraint('tenant_id', 'record_class', name=op.f('uq_retention_rule_tenant_id_record_class'))
    )
    op.create_table('break_glass',
    sa.Column('tenant_id', sa.Uuid(), nullable=False),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('person_id', sa.Uuid(), nullable=False),
    sa.Column('reason', sa.String(), nullable=False),
    sa.Column('opened_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('until', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['person_id'], ['person.id'], name=op.f('fk_break_glass_person_id')),
    sa.ForeignKeyConstraint(['tenant_id'], ['tenant.id'], name=op.f('fk_break_glass_tenant_id')),
    sa.PrimaryKeyConstraint('tenant_id', 'id', name=op.f('pk_break_glass'))
    )
    op.create_index(op.f('ix_break_glass_person_id'), 'break_glass', ['person_id'], unique=False)
    op.create_table('credential',
    sa.Column('person_id', sa.Uuid(), nullable=False),
    sa.Column('totp_secret', sa.String(length=64), nullable=False),
    sa.Column('confirmed_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('last_step', sa.BigInteger(), nullable=False),
    sa.Column('recovery_sha256', postgresql.JSONB(), nullable=False),
    sa.ForeignKeyConstraint(['person_id'], ['person.id'], name=op.f('fk_credential_person_id')),
    sa.PrimaryKeyConstraint('person_id', name=op.f('pk_credential'))
    )
    op.create_table('token',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('purpose', sa.String(length=12), nullable=False),
    sa.Column('token_sha256', sa.LargeBinary(), nullable=False),
    sa.Column('person_id', sa.Uuid(), nullable=True),
    sa.Column('tenant_id', sa.Uuid(), nullable=True),
    sa.Column('email', sa.String(length=254), nullable=False),
    sa.Column('details', postgresql.JSONB(), nullable=False),
    sa.Column('binding', sa.LargeBinary(), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('expires_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('used_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('revoked_at', sa.DateTime(timezone=True), nullable=True),
    sa.CheckConstraint("purpose in ('reset', 'invitation')", name=op.f('ck_token_purpose')),
    sa.ForeignKeyConstraint(['person_id'], ['person.id'], name=op.f('fk_token_person_id')),
    sa.ForeignKeyConstraint(['tenant_id'], ['tenant.id'], name=op.f('fk_token_tenant_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_token')),
    sa.UniqueConstraint('token_sha256', name=op.f('uq_token_token_sha256'))
    )
    op.create_index(op.f('ix_token_person_id'), 'token', ['person_id'], unique=False)
    op.create_index(op.f('ix_token_tenant_id'), 'token', ['tenant_id'], unique=False)
    op.create_table('comment',
    sa.Column('tenant_id', sa.Uuid(), nullable=False),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('client_id', sa.Uuid(), nullable=False),
    sa.Column('deliverable_id', sa.Uuid(), nullable=False),
    sa.Column('text', sa.String(), nullable=False),
    sa.Column('by_id', sa.Uuid(), nullable=False),
    sa.Column('by_name', sa.String(length=120), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['tenant_id', 'by_id'], ['membership.tenant_id', 'membership.id'], name=op.f('fk_comment_tenant_id_by_id')),
    sa.ForeignKeyConstraint(['tenant_id', 'client_id'], ['client.tenant_id', 'client.id'], name=op.f('fk_comment_tenant_id_client_id')),
    sa.ForeignKeyConstraint(['tenant_id', 'deliverable_id'], ['deliverable.tenant_id', 'deliverable.id'], name=op.f('fk_comment_tenant_id_deliverable_id')),
    sa.ForeignKeyConstraint(['tenant_id'], ['tenant.id'], name=op.f('fk_comment_tenant_id')),
    sa.PrimaryKeyConstraint('tenant_id', 'id', name=op.f('pk_comment'))
    )
    op.create_index(op.f('ix_comment_tenant_id_deliverable_id'), 'comment', ['tenant_id', 'deliverable_id'], unique=False)
    op.add_column('engagement', sa.Column('legal_hold', sa.String(), nullable=False, server_default=''))
    op.add_column('person', sa.Column('operator', sa.Boolean(), nullable=False, server_default=sa.false()))
    op.add_column('tenant', sa.Column('restrict_consultants', sa.Boolean(), nullable=False, server_default=sa.false()))
    op.add_column('tenant', sa.Column('suspended_at', sa.DateTime(timezone=True), nullable=True))
    op.add_column('sign_in', sa.Column('second_factor_at', sa.DateTime(timezone=True), nullable=True))
    op.create_index(op.f('ix_audit_entry_tenant_id_subject_id'), 'audit_entry', ['tenant_id', 'subject_id'], unique=False)
    for table, column in (("engagement", "legal_hold"), ("person", "operator"), ("tenant", "restrict_consultants")):
        op.alter_column(table, column, server_default=None)  # it was for the rows that were there
    for statement in the_walls():
        op.execute(statement)


# Members who may enter today, and operators whose broken glass has not healed. A suspended consultancy lets nobody in.
MEMBERSHIPS_OF = """
  select m.tenant_id, m.id, m.role::text, m.client_id, t.slug::text, t.name::text,
         t.restrict_consultants and m.role = 'consultant'
  from membership m join tenant t on t.id = m.tenant_id
  where m.person_id = $1 and t.suspended_at is null
    and (m.left_on is null or m.left_on > (now() at time zone 'America/Toronto')::date)
  union all
  select b.tenant_id, b.id, 'operator', null, t.slug::text, t.name::text, false
  from break_glass b join tenant t on t.id = b.tenant_id
  where b.person_id = $1 and b.until > clock_timestamp()
  order by 6
"""

MESSAGES_DUE = """
  select m.tenant_id, m.id from message m where m.state = 'waiting' and m.run_after <= now() order by m.run_after limit 100
"""

# The document a client user speaks about was released to their own employer.
ON_A_RELEASED_DOCUMENT = """
  exists (select from deliverable d where d.tenant_id = comment.tenant_id and d.id = comment.deliverable_id
            and d.client_id = comment.client_id and d.standing = 'released')
"""

# As in 0001, but a suspended consultancy's documents wait: neither claimed nor rung for.
CLAIM_NEXT = """
  with turn as (  -- the tenant served longest ago that has something due
    select t.id from tenant t
    where t.suspended_at is null and exists (select from deliverable d where d.tenant_id = t.id
                    and (d.production = 'queued' and d.run_after <= now() or d.production = 'writing' and d.lease_until < now()))
    order by t.last_served_at nulls first limit 1 for update skip locked),
  served as (update tenant set last_served_at = clock_timestamp() from turn where tenant.id = turn.id),
  next as (
    select d.tenant_id, d.id from deliverable d join turn on d.tenant_id = turn.id
    where d.production = 'queued' and d.run_after <= now() or d.production = 'writing' and d.lease_until < now()
    order by d.run_after limit 1 for update of d skip locked)
  update deliverable d
  set production = 'writing', fence = d.fence + 1, attempts = d.attempts + 1, lease_until = now() + make_interval(secs => $1)
  from next where (d.tenant_id, d.id) = (next.tenant_id, next.id)
  returning d.tenant_id, d.id, d.fence
"""

DELIVERABLES_DUE = """
  select count(*) from deliverable d join tenant t on t.id = d.tenant_id
  where t.suspended_at is null
    and (d.production = 'queued' and d.run_after <= now() or d.production = 'writing' and d.lease_until < now())
"""


def the_walls():
    for table in ("message", "break_glass", "retention_rule", "deletion_certificate"):
        yield from wall(table)
    yield from wall("comment", portal="true", insertable=ON_A_RELEASED_DOCUMENT)
    yield from open_table("credential", "select, insert, update, delete")
    yield from open_table("throttle", "select, insert, update, delete")
    yield from open_table("token", "select, insert, update, delete")
    yield "grant delete on consent to consultancy_app"  # it points at engagements, which are destroyed when their time is over
    yield from open_table("platform_message", "select, insert, update")
    yield from open_table("platform_audit", "select, insert")

    yield "grant create on schema public to consultancy_dispatch"
    yield from dispatch_sees("message", "tenant_id, id, state, run_after", "state = 'waiting'")
    yield from dispatch_sees("break_glass", "tenant_id, id, person_id, until", "true")
    yield "grant select (restrict_consultants, suspended_at) on tenant to consultancy_dispatch"
    yield "drop function memberships_of(uuid)"
    yield from dispatch_function(
        "memberships_of(person uuid) returns table"
        " (tenant_id uuid, id uuid, role text, client_id uuid, slug text, name text, restricted boolean)",
        MEMBERSHIPS_OF,
    )
    yield "drop function claim_next(integer)"
    yield from dispatch_function(
        "claim_next(lease_seconds integer) returns table (tenant_id uuid, id uuid, fence bigint)", CLAIM_NEXT
    )
    yield "drop function deliverables_due()"
    yield from dispatch_function("deliverables_due() returns bigint", DELIVERABLES_DUE)
    yield from dispatch_function("messages_due() returns table (tenant_id uuid, id uuid)", MESSAGES_DUE)
    yield "revoke create on schema public from consultancy_dispatch"
