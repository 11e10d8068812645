"""A consultancy's own standards, overlays and licensed questions; points by method; ratings carried over."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from tenants.walls import wall

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade():
    op.create_table(
        "own_standard",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.String(length=60), nullable=False),
        sa.Column("version", sa.String(length=30), nullable=False),
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.Column("based_on", sa.String(length=40), nullable=False),
        sa.Column("source", sa.String(length=200), nullable=False),
        sa.Column("by_points", sa.Boolean(), nullable=False),
        sa.Column("mark_overall", sa.SmallInteger(), nullable=True),
        sa.Column("mark_element", sa.SmallInteger(), nullable=True),
        sa.Column("mark_legislated", sa.SmallInteger(), nullable=True),
        sa.Column("licence_confirmed", sa.Boolean(), nullable=False),
        sa.Column("follows_id", sa.Uuid(), nullable=True),
        sa.Column("published_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("published_by_id", sa.Uuid(), nullable=True),
        sa.Column("incoming", postgresql.JSONB(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.CheckConstraint("kind in ('standard', 'overlay', 'questions')", name=op.f("ck_own_standard_kind")),
        sa.CheckConstraint("(kind = 'standard') = (based_on = '')", name=op.f("ck_own_standard_based_on")),
        sa.CheckConstraint("mark_legislated in (0, 100)", name=op.f("ck_own_standard_mark_legislated")),
        sa.CheckConstraint("published_at is null or licence_confirmed", name=op.f("ck_own_standard_licence_confirmed")),
        sa.ForeignKeyConstraint(
            ["tenant_id", "follows_id"],
            ["own_standard.tenant_id", "own_standard.id"],
            name=op.f("fk_own_standard_tenant_id_follows_id"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "published_by_id"],
            ["membership.tenant_id", "membership.id"],
            name=op.f("fk_own_standard_tenant_id_published_by_id"),
        ),
        sa.ForeignKeyConstraint(["tenant_id"], ["tenant.id"], name=op.f("fk_own_standard_tenant_id")),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_own_standard")),
        sa.UniqueConstraint("tenant_id", "name", "version", name=op.f("uq_own_standard_tenant_id_name_version")),
    )
    op.create_table(
        "own_requirement",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("own_standard_id", sa.Uuid(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(length=20), nullable=False),
        sa.Column("element", sa.String(length=120), nullable=False),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("paraphrase", sa.String(), nullable=False),
        sa.Column("question", sa.String(), nullable=False),
        sa.Column("points", sa.SmallInteger(), nullable=False),
        sa.Column("rule", sa.String(length=14), nullable=False),
        sa.Column("documentation", sa.SmallInteger(), nullable=True),
        sa.Column("interview", sa.SmallInteger(), nullable=True),
        sa.Column("observation", sa.SmallInteger(), nullable=True),
        sa.Column("legislated", sa.Boolean(), nullable=False),
        sa.Column("must", sa.Boolean(), nullable=False),
        sa.Column("weight", sa.SmallInteger(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.CheckConstraint("rule in ('', 'all_or_nothing', 'range')", name=op.f("ck_own_requirement_rule")),
        sa.CheckConstraint("points >= 0 and weight between 1 and 100", name=op.f("ck_own_requirement_figures")),
        sa.ForeignKeyConstraint(
            ["tenant_id", "own_standard_id"],
            ["own_standard.tenant_id", "own_standard.id"],
            name=op.f("fk_own_requirement_tenant_id_own_standard_id"),
        ),
        sa.ForeignKeyConstraint(["tenant_id"], ["tenant.id"], name=op.f("fk_own_requirement_tenant_id")),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_own_requirement")),
        sa.UniqueConstraint(
            "tenant_id", "own_standard_id", "code", name=op.f("uq_own_requirement_tenant_id_own_standard_id_code")
        ),
    )
    for method in ("document", "interview", "observation"):
        op.add_column("rating", sa.Column(f"{method}_points", sa.SmallInteger(), nullable=True))
    op.add_column("rating", sa.Column("carried_over", sa.Boolean(), nullable=False, server_default="false"))
    op.alter_column("rating", "carried_over", server_default=None)
    op.create_check_constraint(
        op.f("ck_rating_points"), "rating", "document_points >= 0 and interview_points >= 0 and observation_points >= 0"
    )
    for table in ("own_standard", "own_requirement"):
        for statement in wall(table):
            op.execute(statement)
