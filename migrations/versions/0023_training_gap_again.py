"""A gap in training that comes back after its finding was closed is raised again."""

import sqlalchemy as sa
from alembic import op

revision = "0023"
down_revision = "0022"
branch_labels = None
depends_on = None

NAME, COLUMNS = "uq_finding_training_course", ["tenant_id", "engagement_id", "training_course"]


def upgrade():
    op.drop_index(NAME, "finding")
    op.create_index(
        NAME, "finding", COLUMNS, unique=True,
        postgresql_where=sa.text("training_course <> '' and status <> 'closed'"),
    )


def downgrade():
    op.drop_index(NAME, "finding")
    op.create_index(NAME, "finding", COLUMNS, unique=True, postgresql_where=sa.text("training_course <> ''"))
