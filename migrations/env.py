"""Migrations run as the owner, from OWNER_DATABASE_URL; the app's own role owns nothing and could not."""

import sqlalchemy as sa
from alembic import context
from flask import current_app

owner = sa.create_engine(current_app.config["OWNER_DATABASE_URL"], poolclass=sa.NullPool)
with owner.connect() as connection:
    context.configure(connection=connection, target_metadata=current_app.extensions["migrate"].db.metadata)
    with context.begin_transaction():
        context.run_migrations()
