"""What the check of the finished file found, and since when its pages are asked for."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None


def upgrade():
    op.add_column("deliverable", sa.Column("check_report", postgresql.JSONB(), nullable=True))
    op.add_column("deliverable", sa.Column("pages_asked_at", sa.DateTime(timezone=True), nullable=True))
    op.execute("update deliverable set pages_asked_at = ready_at where preview in ('queued', 'making')")


def downgrade():
    op.drop_column("deliverable", "pages_asked_at")
    op.drop_column("deliverable", "check_report")
