"""Reading the look of the consultancy's documents."""

import sqlalchemy as sa

from consultancy.models.brand import Brand
from tenants.database import db


def brand() -> Brand | None:
    """The look that the entered consultancy chose; None: our own."""
    return db.session.scalar(sa.select(Brand))
