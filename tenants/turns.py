"""One after another: what asks first and writes then, where no row stands for the question."""

import sqlalchemy as sa

from tenants.database import db, tenant_session


def one_at_a_time(lock: int) -> None:
    """An advisory lock of the consultancy; `lock`: the number of what is asked and written. Held until the transaction
    ends. Taken before any row, so it never waits while others wait for us."""
    tenant = sa.func.hashtextextended(str(tenant_session().tenant_id), lock)
    db.session.execute(sa.select(sa.func.pg_advisory_xact_lock(tenant)))
