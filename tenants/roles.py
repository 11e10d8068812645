"""Is the role we sign in with one that the second wall holds against?"""

import sqlalchemy as sa

from tenants.database import db

GROUPS = ("consultancy_app", "consultancy_dispatch")


def missing(owner_url: str) -> list[str]:
    """The group roles the administrator has not made yet."""
    engine = sa.create_engine(owner_url, poolclass=sa.NullPool)
    with engine.connect() as connection:
        there = set(connection.scalars(sa.text("select rolname from pg_roles where rolname like 'consultancy%'")))
    return [name for name in GROUPS if name not in there]


def unsuitable() -> str | None:
    """Why the app's own role would not be held by row-level security; None when it would."""
    row = db.session.execute(
        sa.text(
            "select rolsuper, rolbypassrls, exists (select from pg_class c"
            " join pg_namespace n on n.oid = c.relnamespace where c.relowner = r.oid and n.nspname = 'public'), pg_has_role(r.oid, 'consultancy_app', 'member')"
            " from pg_roles r where rolname = current_user"
        )
    ).one()
    superuser, bypasses, owns, member = row
    if superuser:
        return "is a superuser"
    if bypasses:
        return "bypasses row-level security"
    if owns:
        return "owns tables"
    return None if member else "is not a member of consultancy_app"
