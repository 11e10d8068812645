"""Ratings lock once their report is released and are reopened with a reason; ratings elsewhere suggest and are linked."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None


def upgrade():
    op.add_column("engagement", sa.Column("ratings_reopened_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("rating", sa.Column("source", postgresql.JSONB(), nullable=True))
    op.add_column("rating", sa.Column("ignored", postgresql.JSONB(), nullable=False, server_default="[]"))
    op.alter_column("rating", "ignored", server_default=None)


def downgrade():
    op.drop_column("rating", "ignored")
    op.drop_column("rating", "source")
    op.drop_column("engagement", "ratings_reopened_at")
