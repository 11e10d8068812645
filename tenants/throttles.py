"""How often someone may try. Counted in the database, so that it holds when the queue's server is down."""

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from tenants.database import db


class Throttle(db.Model):
    """Tries under one key (an account, an address, everybody) in one window of time. The key is a hash."""

    __tablename__ = "throttle"
    key: Mapped[str] = mapped_column(sa.String(80), primary_key=True)
    window: Mapped[datetime] = mapped_column(primary_key=True)
    tries: Mapped[int] = mapped_column(default=0)
