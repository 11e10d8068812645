"""Further surveillance, and the audit for recertification, are days of a certificate; an application is declined."""

import sqlalchemy as sa
from alembic import op

revision = "0028"
down_revision = "0027"
branch_labels = None
depends_on = None

DECLINED = "declined_on is null or (applied_on is not null and declined_on >= applied_on and recognized_on is null)"


def upgrade():
    op.add_column('certificate', sa.Column('further_on', sa.Date(), nullable=True))
    op.add_column('certificate', sa.Column('fourth_year_on', sa.Date(), nullable=True))
    op.add_column('recognition', sa.Column('declined_on', sa.Date(), nullable=True))
    op.create_check_constraint(op.f('ck_recognition_declined'), 'recognition', DECLINED)


def downgrade():
    op.drop_column('recognition', 'declined_on')
    op.drop_column('certificate', 'fourth_year_on')
    op.drop_column('certificate', 'further_on')
