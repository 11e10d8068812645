"""Further surveillance audits, and the audit for recertification, are days of a certificate."""

import sqlalchemy as sa
from alembic import op

revision = "0028"
down_revision = "0027"
branch_labels = None
depends_on = None


def upgrade():
    op.add_column('certificate', sa.Column('further_on', sa.Date(), nullable=True))
    op.add_column('certificate', sa.Column('fourth_year_on', sa.Date(), nullable=True))


def downgrade():
    op.drop_column('certificate', 'fourth_year_on')
    op.drop_column('certificate', 'further_on')
