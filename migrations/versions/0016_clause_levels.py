"""An assessment keeps its average level by clause, so that looking across all clients reads one row of each."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None

# the clause of an own requirement is the number its element begins with, or the element's name, as its model reads it
MEASURED = r"""
  with asked as (
    select s.tenant_id, 'own-' || replace(s.id::text, '-', '') as standard, s.kind, q.code,
           coalesce(substring(q.element from '^([A-Za-z]?\d[[:alnum:]_.]*)[\s:–-]+\S'), q.element) as element
    from own_standard s join own_requirement q on (q.tenant_id, q.own_standard_id) = (s.tenant_id, s.id)
    where s.kind <> 'overlay'
  ), averages as (
    select r.tenant_id, r.assessment_id,
           coalesce(nullif(q.element, ''), split_part(r.requirement, '.', 1)) as clause, avg(r.level) as level
    from rating r join assessment a on (a.tenant_id, a.id) = (r.tenant_id, r.assessment_id)
    left join asked q on (q.tenant_id, q.standard, q.code) = (r.tenant_id, a.standard, r.requirement)
    where r.level is not null and r.site_id is null and not r.carried_over
    group by 1, 2, 3
  )
  update assessment a set clause_levels = found.levels
  from (select tenant_id, assessment_id, jsonb_object_agg(clause, level) as levels from averages group by 1, 2) found
  where (a.tenant_id, a.id) = (found.tenant_id, found.assessment_id)
"""


def upgrade():
    column = sa.Column("clause_levels", postgresql.JSONB(), nullable=False, server_default="{}")
    op.add_column("assessment", column)
    op.execute(MEASURED)
    op.alter_column("assessment", "clause_levels", server_default=None)


def downgrade():
    op.drop_column("assessment", "clause_levels")
