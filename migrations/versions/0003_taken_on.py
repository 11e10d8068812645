"""Finding who took a client on; the partner board of a suspended consultancy is empty."""

import sqlalchemy as sa
from alembic import op

from tenants.walls import dispatch_function

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade():
    op.create_index('ix_audit_entry_client_added', 'audit_entry', ['tenant_id', 'by_id'], unique=False, postgresql_where=sa.text("verb = 'client.added'"))
    for statement in the_walls():
        op.execute(statement)


# As in 0001, but a suspended consultancy shows nothing.
PARTNER_BOARD = """
  select case when k.show_employer then coalesce(nullif(c.trade_name, ''), c.legal_name) else k.reference end::text,
         t.name::text,
         e.stage::text,
         jsonb_build_object('planned_from', s.planned_from, 'planned_to', s.planned_to, 'audit', nullif(e.audit_window, '')),
         case when e.percent = 0 then 'not_started' when e.percent = 100 then 'done'
              when e.percent >= 75 then 'nearly_there' else 'under_way' end,
         exists (select from deliverable d where d.tenant_id = e.tenant_id and d.engagement_id = e.id and d.standing = 'released')
  from person p
  join consent k on k.partner_id = p.partner_id
  join engagement e on e.tenant_id = k.tenant_id and e.id = k.engagement_id
  join client c on c.tenant_id = e.tenant_id and c.id = e.client_id
  join tenant t on t.id = k.tenant_id and t.suspended_at is null
  left join engagement_stage s on s.tenant_id = e.tenant_id and s.engagement_id = e.id and s.stage = e.stage
  where p.id = $1 and k.revoked_on is null and k.expires_on >= (now() at time zone 'America/Toronto')::date
  order by 2, 1
"""


def the_walls():
    yield "grant create on schema public to consultancy_dispatch"
    yield "drop function partner_board(uuid)"
    yield from dispatch_function(
        "partner_board(person uuid) returns table"
        " (employer text, consultancy text, stage text, dates jsonb, band text, released boolean)",
        PARTNER_BOARD,
    )
    yield "revoke create on schema public from consultancy_dispatch"
