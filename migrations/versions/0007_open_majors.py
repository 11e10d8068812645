"""The portfolio counts open majors of fifty clients: an index that holds nothing else."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade():
    op.create_index(
        "ix_finding_open_majors",
        "finding",
        ["tenant_id", "engagement_id"],
        postgresql_where=sa.text("grade = 'major' and status in ('open', 'verification')"),
    )


def downgrade():
    op.drop_index("ix_finding_open_majors", "finding")
