"""Deliverables in two languages: one number and version, an edition in each."""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade():
    op.drop_constraint("uq_deliverable_tenant_id_request_key", "deliverable", type_="unique")
    op.create_unique_constraint(
        "uq_deliverable_tenant_id_request_key_language", "deliverable", ["tenant_id", "request_key", "language"]
    )
    op.drop_constraint("uq_deliverable_tenant_id_number_version", "deliverable", type_="unique")
    op.create_unique_constraint(
        "uq_deliverable_tenant_id_number_version_language", "deliverable",
        ["tenant_id", "number", "version", "language"],
    )
    op.alter_column("bulk_request", "language", type_=sa.String(4), existing_type=sa.String(2))
    op.add_column("bulk_item", sa.Column("other_edition_id", sa.Uuid()))
    op.create_foreign_key(
        "fk_bulk_item_tenant_id_other_edition_id", "bulk_item", "deliverable",
        ["tenant_id", "other_edition_id"], ["tenant_id", "id"],
    )
