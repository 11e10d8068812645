"""A table of phrases is looked at before it is taken over."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from tenants.walls import wall

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None


def upgrade():
    op.create_table(
        "phrase_import",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("membership_id", sa.Uuid(), nullable=False),
        sa.Column("file_name", sa.String(length=120), nullable=False),
        sa.Column("reading", postgresql.JSONB(), nullable=False),
        sa.Column("read_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["tenant_id", "membership_id"], ["membership.tenant_id", "membership.id"],
            name=op.f("fk_phrase_import_tenant_id_membership_id"),
        ),
        sa.ForeignKeyConstraint(["tenant_id"], ["tenant.id"], name=op.f("fk_phrase_import_tenant_id")),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_phrase_import")),
        sa.UniqueConstraint("tenant_id", "membership_id", name=op.f("uq_phrase_import_tenant_id_membership_id")),
    )  # fmt: skip
    for statement in wall("phrase_import"):
        op.execute(statement)


def downgrade():
    op.drop_table("phrase_import")
