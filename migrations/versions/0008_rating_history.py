"""Earlier words of an observation can be put back: its history says which observation they belong to."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade():
    op.add_column("rating_change", sa.Column("observation_id", sa.Uuid(), nullable=True))
    op.create_foreign_key(
        op.f("fk_rating_change_observation_id"), "rating_change", "observation",
        ["tenant_id", "observation_id"], ["tenant_id", "id"],
    )
    op.create_index(op.f("ix_rating_change_tenant_id_observation_id"), "rating_change", ["tenant_id", "observation_id"])


def downgrade():
    op.drop_column("rating_change", "observation_id")
