"""What the database itself says about the second wall: read from its catalogue, table by table."""

import pytest
import sqlalchemy as sa
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext

from tenants.database import db
from tests.walls import MODELS

WITHOUT_TENANT = {  # the closed list
    "alembic_version", "consent", "credential", "partner", "person", "platform_audit", "platform_message", "sign_in",
    "tenant", "throttle", "token",
}  # fmt: skip
NAMES_A_TENANT = {"consent", "platform_audit", "token"}  # looked up before any tenant is entered, so not walled
OPEN = {
    "credential": "DELETE,INSERT,SELECT,UPDATE", "throttle": "DELETE,INSERT,SELECT,UPDATE",
    "platform_audit": "INSERT,SELECT", "token": "DELETE,INSERT,SELECT,UPDATE",
    "consent": "DELETE,INSERT,SELECT,UPDATE",
}  # fmt: skip
APPEND_ONLY = {"audit_entry": "INSERT,SELECT", "audit_chain": "INSERT,SELECT,UPDATE"}
POLICIES = {
    ("own_tenant", "PERMISSIVE", "ALL", "{consultancy_app}"),
    ("own_employer", "RESTRICTIVE", "SELECT", "{consultancy_app}"),
    ("own_employer_inserts", "RESTRICTIVE", "INSERT", "{consultancy_app}"),
    ("own_employer_updates", "RESTRICTIVE", "UPDATE", "{consultancy_app}"),
    ("own_employer_deletes", "RESTRICTIVE", "DELETE", "{consultancy_app}"),
    ("owner_migrates", "PERMISSIVE", "ALL", "{consultancy_owner}"),
}
DISPATCH_SEES = {
    "break_glass": "id person_id tenant_id until",
    "bulk_item": "deliverable_id id not_before problem tenant_id",
    "client": "id legal_name tenant_id trade_name",
    "consent": "engagement_id expires_on partner_id reference revoked_on show_employer tenant_id",
    "deliverable": "attempts engagement_id fence id lease_until preview preview_after preview_attempts preview_fence"
    " preview_lease_until production run_after standing tenant_id",
    "document_template_version": "id preview preview_after preview_attempts preview_fence preview_lease_until"
    " tenant_id",
    "engagement": "audit_window client_id id percent stage tenant_id",
    "engagement_stage": "engagement_id planned_from planned_to stage tenant_id",
    "membership": "client_id id left_on person_id role tenant_id",
    "evidence": "check_after id state tenant_id",
    "message": "id run_after state tenant_id",
    "person": "id partner_id",
    "tenant": "id last_previewed_at last_served_at name restrict_consultants slug suspended_at",
}
DISPATCH_WRITES = {
    "bulk_item": "problem",
    "deliverable": "attempts fence lease_until preview preview_attempts preview_fence preview_lease_until production",
    "document_template_version": "preview preview_attempts preview_fence preview_lease_until",
    "tenant": "last_previewed_at last_served_at",
}
DISPATCH_FUNCTIONS = {
    "claim_next", "claim_preview", "deliverables_due", "evidence_due", "memberships_of", "messages_due",
    "next_bulk_item", "partner_board", "previews_due",
}  # fmt: skip


@pytest.fixture(scope="module")
def catalogue(postgres, shared_database):
    engine = sa.create_engine(postgres.superuser_url(shared_database), poolclass=sa.NullPool)
    with engine.connect() as connection:
        yield lambda query, **values: connection.execute(sa.text(query), values).all()
    engine.dispose()


@pytest.fixture(scope="module")
def walled(catalogue):
    """Every table with a tenant_id, but for those that are read before any tenant is entered."""
    found = catalogue(
        "select table_name from information_schema.columns where column_name = 'tenant_id' and table_schema = 'public'"
    )
    return {name for (name,) in found} - NAMES_A_TENANT


def test_every_table_belongs_to_a_tenant_or_stands_in_the_closed_list(catalogue, walled):
    tables = {name for (name,) in catalogue("select tablename from pg_tables where schemaname = 'public'")}
    assert tables - walled == WITHOUT_TENANT
    assert walled == {model.__tablename__ for model in MODELS}


def test_row_level_security_is_on_and_forced_for_every_tenants_table(catalogue, walled):
    found = catalogue(
        "select relname, relrowsecurity, relforcerowsecurity from pg_class where relname = any(:names)", names=[*walled]
    )
    assert {tuple(row) for row in found} == {(name, True, True) for name in walled}


def test_every_tenants_table_has_the_policies_of_the_wall_and_only_dispatch_beside_them(catalogue, walled):
    found = catalogue("select tablename, policyname, permissive, cmd, roles::text from pg_policies")
    dispatch = ("dispatch", "PERMISSIVE", "ALL", "{consultancy_dispatch}")
    by_table = {name: {tuple(row[1:]) for row in found if row.tablename == name} for name in walled}
    assert {name: policies - {dispatch} for name, policies in by_table.items()} == dict.fromkeys(walled, POLICIES)
    crossed = {name for name, policies in by_table.items() if dispatch in policies}
    assert crossed == set(DISPATCH_SEES) & walled


def test_a_policy_that_lets_rows_in_checks_the_tenant_on_both_sides(catalogue):
    found = catalogue("select qual, with_check from pg_policies where policyname = 'own_tenant'")
    assert all(row.qual == row.with_check and row.qual.startswith("(tenant_id = (NULLIF") for row in found)


def test_the_products_roles_have_no_power_over_the_wall(catalogue):
    found = catalogue(
        "select rolname from pg_roles where (rolsuper or rolbypassrls or rolcreaterole or rolcreatedb"
        " or rolreplication)"
        " and rolname like 'consultancy%'"
    )
    assert found == []
    assert (
        catalogue(
            "select rolname from pg_roles where rolcanlogin and rolname in ('consultancy_app', 'consultancy_dispatch')"
        )
        == []
    )


def test_the_app_owns_nothing_and_is_a_member_of_nothing_that_does(catalogue):
    ours = "on r.oid = c.relowner where rolname in ('consultancy_app', 'consultancy_web')"
    owned = f"select relname from pg_class c join pg_roles r {ours}"
    functions = f"select proname from pg_proc c join pg_roles r {ours.replace('relowner', 'proowner')}"
    assert catalogue(owned) + catalogue(functions) == []
    groups = catalogue(
        "select g.rolname from pg_auth_members m join pg_roles g on g.oid = m.roleid"
        " join pg_roles l on l.oid = m.member"
        " where l.rolname in ('consultancy_web', 'consultancy_app')"
    )
    assert [tuple(row) for row in groups] == [("consultancy_app",)]


def test_the_app_may_do_with_each_table_what_the_product_does_and_no_more(catalogue, walled):
    found = catalogue(
        "select table_name, string_agg(privilege_type, ',' order by privilege_type)"
        " from information_schema.role_table_grants"
        " where grantee in ('consultancy_app', 'PUBLIC') and table_schema = 'public' group by table_name"
    )
    expected = dict.fromkeys(walled, "DELETE,INSERT,SELECT,UPDATE") | APPEND_ONLY
    expected |= dict.fromkeys(WITHOUT_TENANT - {"alembic_version"}, "INSERT,SELECT,UPDATE") | OPEN
    assert {tuple(row) for row in found} == set(expected.items())


def test_every_reference_between_tenants_tables_carries_the_tenant_on_both_sides(catalogue, walled):
    found = catalogue("""
        select c.conname, c.conrelid::regclass::text as here, c.confrelid::regclass::text as there,
               array(select attname::text from unnest(c.conkey) k
                     join pg_attribute a on a.attrelid = c.conrelid and a.attnum = k) as mine,
               array(select attname::text from unnest(c.confkey) k
                     join pg_attribute a on a.attrelid = c.confrelid and a.attnum = k) as theirs
        from pg_constraint c where contype = 'f'""")
    within = [row for row in found if row.there in walled]
    assert len(within) > 20
    assert [row.conname for row in within if "tenant_id" not in row.mine or "tenant_id" not in row.theirs] == []


def test_every_unique_key_of_a_tenants_table_begins_with_the_tenant(catalogue, walled):
    found = catalogue(
        """
        select i.indexrelid::regclass::text as name, i.indrelid::regclass::text as here, a.attname::text as first
        from pg_index i join pg_attribute a on a.attrelid = i.indrelid and a.attnum = i.indkey[0]
        where i.indisunique and i.indrelid::regclass::text = any(:names)""",
        names=[*walled],
    )
    assert len(found) > len(walled)
    assert [row.name for row in found if row.first != "tenant_id"] == []


def test_these_functions_cross_tenants_and_only_the_app_may_call_them(catalogue):
    found = catalogue("""
        select proname, prosecdef, proconfig::text, proacl::text
        from pg_proc p join pg_roles r on r.oid = p.proowner where rolname = 'consultancy_dispatch'""")
    assert {row.proname for row in found} == DISPATCH_FUNCTIONS
    assert all(row.prosecdef and row.proconfig == '{"search_path=pg_catalog, public"}' for row in found)
    callers = {part.split("=")[0] for row in found for part in row.proacl.strip("{}").split(",")}
    assert callers == {"consultancy_app", "consultancy_dispatch"}


def test_no_other_function_runs_with_more_rights_than_its_caller(catalogue):
    found = catalogue("select proname from pg_proc where prosecdef and pronamespace = 'public'::regnamespace")
    assert {name for (name,) in found} == DISPATCH_FUNCTIONS


@pytest.mark.parametrize(("act", "expected"), [("SELECT", DISPATCH_SEES), ("UPDATE", DISPATCH_WRITES), ("INSERT", {})])
def test_dispatch_sees_and_writes_exactly_these_columns(catalogue, act, expected):
    found = catalogue(
        "select table_name, string_agg(column_name, ' ' order by column_name) from information_schema.column_privileges"
        " where grantee = 'consultancy_dispatch' and table_schema = 'public' and privilege_type = :act"
        " group by table_name",
        act=act,
    )
    assert dict(map(tuple, found)) == expected


def test_dispatch_deletes_nothing_owns_no_table_and_makes_nothing(catalogue):
    held = catalogue(
        "select table_name from information_schema.role_table_grants"
        " where grantee = 'consultancy_dispatch' and privilege_type in ('DELETE', 'TRUNCATE', 'REFERENCES', 'TRIGGER')"
    )
    tables = catalogue(
        "select relname from pg_class c join pg_roles r on r.oid = relowner where rolname = 'consultancy_dispatch'"
    )
    assert held + tables == []
    roles = "unnest(array['consultancy_dispatch', 'consultancy_web']) r"
    rights = f"select has_schema_privilege(r, 'public', 'create') from {roles}"
    assert [tuple(row) for row in catalogue(rights)] == [(False,), (False,)]


def test_views_obey_the_policies_of_who_asks(catalogue):
    found = catalogue(
        "select relname, reloptions::text from pg_class where relkind = 'v' and relnamespace = 'public'::regnamespace"
    )
    assert [row.relname for row in found if "security_invoker=true" not in (row.reloptions or "")] == []


def test_the_models_are_what_the_migrations_make(postgres, shared_database):
    engine = sa.create_engine(postgres.superuser_url(shared_database), poolclass=sa.NullPool)
    with engine.connect() as connection:
        differences = compare_metadata(MigrationContext.configure(connection), db.metadata)
    assert differences == []


def test_a_data_migration_of_the_owner_reaches_every_row(world, postgres):
    name = world.walled.config["SQLALCHEMY_DATABASE_URI"].rsplit("/", 1)[1]
    owner = sa.create_engine(postgres.url("consultancy_owner", name), poolclass=sa.NullPool)
    with owner.connect() as connection:
        assert connection.execute(sa.text("update client set note = note")).rowcount == 4
        connection.rollback()
