"""The second wall: forced row-level security, and the few functions that may look across tenants.

Used by migrations only. `consultancy_app` (web, workers) owns nothing and obeys every policy; `consultancy_dispatch`
cannot log in and owns the functions below, with policies and column grants for exactly the columns they need.
Under FORCE the owner obeys policies too, hence `owner_migrates`: without it a data migration would change no row.
"""

TENANT = "nullif(current_setting('app.tenant_id', true), '')::uuid"
CLIENT = "nullif(current_setting('app.client_id', true), '')::uuid"

UNDELETED = {
    "audit_entry": "select, insert",
    "audit_chain": "select, insert, update",
}  # nobody unsays what was recorded


def wall(
    table: str,
    *,
    portal: str | None = None,
    column: str | None = "client_id",
    writable: bool = False,
    insertable: str | None = None,
) -> list[str]:
    """Policies of a tenant-owned table. `portal`: which rows of their own employer a client user may read; None: none.

    `writable` is for the audit trail, which also records what client users do; with `column=None` the rule holds for
    every employer. `insertable`: which rows a client user may add for their own employer; they change none.
    """
    visible = f"({portal})" if portal else "false"
    if portal and column:
        visible = f"{column} = {CLIENT} and {visible}"
    writes = "true" if writable else f"{CLIENT} is null"
    inserts = f"{writes} or {column} = {CLIENT} and ({insertable})" if insertable else writes
    grants = UNDELETED.get(table, "select, insert, update, delete")
    return [
        f"alter table {table} enable row level security",
        f"alter table {table} force row level security",
        f"grant {grants} on {table} to consultancy_app",
        f"create policy own_tenant on {table} to consultancy_app"
        f" using (tenant_id = {TENANT}) with check (tenant_id = {TENANT})",
        f"create policy own_employer on {table} as restrictive for select to consultancy_app"
        f" using ({CLIENT} is null or {visible})",
        f"create policy own_employer_inserts on {table} as restrictive for insert to consultancy_app"
        f" with check ({inserts})",
        f"create policy own_employer_updates on {table} as restrictive for update to consultancy_app"
        f" using ({writes}) with check ({writes})",
        f"create policy own_employer_deletes on {table} as restrictive for delete to consultancy_app using ({writes})",
        f"create policy owner_migrates on {table} to current_user using (true) with check (true)",
    ]


def open_table(table: str, grants: str) -> list[str]:
    """A table without a tenant: no policies, only the grants the app needs."""
    return [f"grant {grants} on {table} to consultancy_app"]


def dispatch_sees(table: str, columns: str, rows: str, *, updates: str | None = None) -> list[str]:
    """What a function that crosses tenants may see of a walled table."""
    statements = [
        f"create policy dispatch on {table} to consultancy_dispatch using ({rows}) with check ({rows})",
        f"grant select ({columns}) on {table} to consultancy_dispatch",
    ]
    return statements + ([f"grant update ({updates}) on {table} to consultancy_dispatch"] if updates else [])


def dispatch_function(signature: str, body: str) -> list[str]:
    """A function that runs as consultancy_dispatch, callable by the app and by nobody else."""
    name = signature.split(" returns ")[0]
    arguments = ", ".join(part.split()[-1] for part in name[name.index("(") + 1 : -1].split(",") if part.strip())
    bare = f"{name[: name.index('(')]}({arguments})"
    return [
        f"create function {signature} language sql security definer set search_path = pg_catalog, public as $${body}$$",
        f"revoke all on function {bare} from public",
        f"grant execute on function {bare} to consultancy_app",
        f"alter function {bare} owner to consultancy_dispatch",
    ]
