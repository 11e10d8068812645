"""Is the login we use one that the second wall holds against, and is the database one we may serve?"""

from typing import Any

import sqlalchemy as sa

GROUPS = ("consultancy_app", "consultancy_dispatch")

# What is wrong with the current login, in words that continue "a role that …"; null when nothing is.
UNSUITABLE = """
    select case when r.rolsuper then 'is a superuser'
                when r.rolbypassrls then 'bypasses row-level security'
                when exists (select from pg_class c where c.relowner = r.oid and c.relkind in ('r', 'p', 'v', 'm'))
                  then 'owns tables'
                when not pg_has_role(r.oid, 'consultancy_app', 'member') then 'is not a member of consultancy_app'
           end
    from pg_roles r where r.rolname = current_user
"""
TABLES = "select to_regclass('public.tenant') is not null"
DEMO = "select exists (select from tenant where demo)"


class Unsuitable(RuntimeError):
    """The database login, or the database itself, may not be used; the message is one sentence for an administrator."""


def missing(owner_url: str) -> list[str]:
    """The group roles the administrator has not made yet."""
    engine = sa.create_engine(owner_url, poolclass=sa.NullPool)
    with engine.connect() as connection:
        there = set(connection.scalars(sa.text("select rolname from pg_roles where rolname like 'consultancy%'")))
    return [name for name in GROUPS if name not in there]


def refuse_unsuitable(connection: Any, *, production: bool) -> None:
    """Asked of the first connection of every process (a plain DBAPI connection). Raises Unsuitable."""
    with connection.cursor() as cursor:
        unsuitable = cursor.execute(UNSUITABLE).fetchone()[0]
        if unsuitable:
            raise Unsuitable(
                f"DATABASE_URL signs in as a role that {unsuitable}. "
                "The app must use a login that is only a member of consultancy_app."
            )
        if production and cursor.execute(TABLES).fetchone()[0] and cursor.execute(DEMO).fetchone()[0]:
            raise Unsuitable(
                "The database holds the demo practice, whose passwords are public. "
                "Production mode does not start with it."
            )
    connection.rollback()
