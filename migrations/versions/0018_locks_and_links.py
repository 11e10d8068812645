"""Ratings lock once their report is released and are reopened with a reason; ratings elsewhere suggest and are linked."""

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade():
    op.add_column("engagement", sa.Column("ratings_reopened_at", sa.DateTime(timezone=True), nullable=True))


def downgrade():
    op.drop_column("engagement", "ratings_reopened_at")
