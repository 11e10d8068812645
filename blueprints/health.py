"""Is the practice serving? For the supervisor, a load balancer, a monitor."""

import sqlalchemy as sa
from flask import Blueprint

from blueprints.guards import public
from tenants.database import db

bp = Blueprint("health", __name__)


@bp.get("/health")
@public
def show():
    db.session.scalar(sa.select(1))
    return {"status": "ok"}
