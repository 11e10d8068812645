"""Previews: pages counted, pictures of them, PDF."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from tenants.walls import dispatch_function, dispatch_sees, wall

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None

PREVIEWED = ("deliverable", "document_template_version")
DUE = "preview in ('queued', 'making')"


def upgrade():
    op.add_column('tenant', sa.Column('last_previewed_at', sa.DateTime(timezone=True), nullable=True))
    for table in PREVIEWED:
        op.add_column(table, sa.Column('preview', sa.String(length=12), nullable=False, server_default='none'))
        op.add_column(table, sa.Column('preview_fence', sa.BigInteger(), nullable=False, server_default='0'))
        op.add_column(table, sa.Column('preview_attempts', sa.SmallInteger(), nullable=False, server_default='0'))
        op.add_column(table, sa.Column('preview_after', sa.DateTime(timezone=True), nullable=False, server_default=sa.func.now()))
        op.add_column(table, sa.Column('preview_lease_until', sa.DateTime(timezone=True), nullable=True))
        op.add_column(table, sa.Column('preview_failure', sa.String(), nullable=False, server_default=''))
        op.add_column(table, sa.Column('page_count', sa.Integer(), nullable=True))
        for column in ('preview', 'preview_fence', 'preview_attempts', 'preview_failure'):
            op.alter_column(table, column, server_default=None)  # it was for the rows that were there
        op.create_check_constraint(
            op.f(f'ck_{table}_preview'), table,
            "preview in ('none', 'queued', 'making', 'made', 'failed', 'unavailable')",
        )
        op.create_index(f'ix_{table}_preview', table, ['tenant_id', 'preview_after'], unique=False, postgresql_where=sa.text(DUE))
    op.add_column('deliverable', sa.Column('contents_pages', postgresql.JSONB(), nullable=False, server_default='{}'))
    op.alter_column('deliverable', 'contents_pages', server_default=None)
    op.add_column('deliverable', sa.Column('pdf_key', sa.String(), nullable=True))
    op.add_column('deliverable', sa.Column('pdf_sha256', sa.String(length=64), nullable=True))
    op.add_column('deliverable', sa.Column('pdf_size', sa.Integer(), nullable=True))
    op.add_column('deliverable', sa.Column('previewed_at', sa.DateTime(timezone=True), nullable=True))
    op.add_column('deliverable', sa.Column('replaced_key', sa.String(), nullable=True))
    op.add_column('document_template_version', sa.Column('image_key', sa.String(), nullable=True))
    op.create_table('page_image',
    sa.Column('tenant_id', sa.Uuid(), nullable=False),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('deliverable_id', sa.Uuid(), nullable=False),
    sa.Column('page', sa.SmallInteger(), nullable=False),
    sa.Column('file_key', sa.String(), nullable=False),
    sa.CheckConstraint('page >= 1', name=op.f('ck_page_image_page')),
    sa.ForeignKeyConstraint(['tenant_id', 'deliverable_id'], ['deliverable.tenant_id', 'deliverable.id'], name=op.f('fk_page_image_tenant_id_deliverable_id')),
    sa.ForeignKeyConstraint(['tenant_id'], ['tenant.id'], name=op.f('fk_page_image_tenant_id')),
    sa.PrimaryKeyConstraint('tenant_id', 'id', name=op.f('pk_page_image')),
    sa.UniqueConstraint('tenant_id', 'deliverable_id', 'page', name=op.f('uq_page_image_tenant_id_deliverable_id_page'))
    )
    for statement in the_walls():
        op.execute(statement)


# A document before a template's sample: somebody waits for it. Turns are taken apart from those of the writing.
CLAIM_PREVIEW = """
  with turn as (  -- the tenant whose previews were made longest ago that has one due
    select t.id from tenant t
    where t.suspended_at is null and (
      exists (select from deliverable d where d.tenant_id = t.id
                and (d.preview = 'queued' and d.preview_after <= now() or d.preview = 'making' and d.preview_lease_until < now()))
      or exists (select from document_template_version v where v.tenant_id = t.id
                and (v.preview = 'queued' and v.preview_after <= now() or v.preview = 'making' and v.preview_lease_until < now())))
    order by t.last_previewed_at nulls first limit 1 for update skip locked),
  served as (update tenant set last_previewed_at = clock_timestamp() from turn where tenant.id = turn.id),
  document as (
    select d.tenant_id, d.id from deliverable d join turn on d.tenant_id = turn.id
    where d.preview = 'queued' and d.preview_after <= now() or d.preview = 'making' and d.preview_lease_until < now()
    order by d.preview_after limit 1 for update of d skip locked),
  sample as (
    select v.tenant_id, v.id from document_template_version v join turn on v.tenant_id = turn.id
    where not exists (select from document)
      and (v.preview = 'queued' and v.preview_after <= now() or v.preview = 'making' and v.preview_lease_until < now())
    order by v.preview_after limit 1 for update of v skip locked),
  document_taken as (
    update deliverable d
    set preview = 'making', preview_fence = d.preview_fence + 1, preview_attempts = d.preview_attempts + 1,
        preview_lease_until = now() + make_interval(secs => $1)
    from document where (d.tenant_id, d.id) = (document.tenant_id, document.id)
    returning d.tenant_id, d.id, d.preview_fence),
  sample_taken as (
    update document_template_version v
    set preview = 'making', preview_fence = v.preview_fence + 1, preview_attempts = v.preview_attempts + 1,
        preview_lease_until = now() + make_interval(secs => $1)
    from sample where (v.tenant_id, v.id) = (sample.tenant_id, sample.id)
    returning v.tenant_id, v.id, v.preview_fence)
  select 'deliverable'::text, tenant_id, id, preview_fence from document_taken
  union all select 'document_template_version'::text, tenant_id, id, preview_fence from sample_taken
"""

PREVIEWS_DUE = """
  select (
    select count(*) from deliverable d join tenant t on t.id = d.tenant_id
    where t.suspended_at is null
      and (d.preview = 'queued' and d.preview_after <= now() or d.preview = 'making' and d.preview_lease_until < now())
  ) + (
    select count(*) from document_template_version v join tenant t on t.id = v.tenant_id
    where t.suspended_at is null
      and (v.preview = 'queued' and v.preview_after <= now() or v.preview = 'making' and v.preview_lease_until < now())
  )
"""

SEEN = "preview, preview_fence, preview_attempts, preview_after, preview_lease_until"
TAKEN = "preview, preview_fence, preview_attempts, preview_lease_until"
OF_DELIVERABLES = f"production in ('queued', 'writing') or standing = 'released' or {DUE}"


def the_walls():
    yield from wall("page_image")
    yield "grant create on schema public to consultancy_dispatch"
    yield f"alter policy dispatch on deliverable using ({OF_DELIVERABLES}) with check ({OF_DELIVERABLES})"
    yield f"grant select ({SEEN}), update ({TAKEN}) on deliverable to consultancy_dispatch"
    yield from dispatch_sees("document_template_version", f"tenant_id, id, {SEEN}", DUE, updates=TAKEN)
    yield "grant select (last_previewed_at), update (last_previewed_at) on tenant to consultancy_dispatch"
    yield from dispatch_function(
        "claim_preview(lease_seconds integer) returns table (subject text, tenant_id uuid, id uuid, fence bigint)",
        CLAIM_PREVIEW,
    )
    yield from dispatch_function("previews_due() returns bigint", PREVIEWS_DUE)
    yield "revoke create on schema public from consultancy_dispatch"
    # What is in hand or with the client today gets its pictures and its PDF; a released file itself is never replaced.
    yield (
        "update deliverable set preview = 'queued' where production = 'ready'"
        " and standing in ('draft', 'in_review', 'approved', 'released')"
    )
    yield "update document_template_version set preview = 'queued'"
