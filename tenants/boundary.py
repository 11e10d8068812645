"""The first wall: a session that serves at most one tenant, and one employer when a client user is signed in.

The second wall is row-level security in the database (tenants/walls.py). Each must hold with the other switched off.
"""

from typing import Any
from uuid import UUID

import sqlalchemy as sa
from flask_sqlalchemy.session import Session
from sqlalchemy.orm import with_loader_criteria
from sqlalchemy.sql import visitors

from tenants.keys import TenantOwned


class BoundaryError(RuntimeError):
    """A statement tried to reach tenant-owned rows outside the session's tenant or employer."""


class TenantSession(Session):
    """A session enters one tenant for its whole life: the identity map is never filtered again."""

    def enter(self, tenant_id: UUID, *, client_id: UUID | None = None) -> None:
        entered = (tenant_id, client_id)
        if self.info.setdefault("entered", entered) != entered:
            raise BoundaryError("this session already serves someone else")
        if self.in_transaction():  # finding the membership has begun one
            tell_postgres(self, None, self.connection())

    @property
    def entered(self) -> tuple[UUID | None, UUID | None]:
        """(tenant, employer); the employer is None for the consultancy's own people."""
        return self.info.get("entered", (None, None))

    @property
    def tenant_id(self) -> UUID:
        tenant_id, _ = self.entered
        if tenant_id is None:
            raise BoundaryError("no tenant entered")
        return tenant_id


@sa.event.listens_for(TenantSession, "after_begin")
def tell_postgres(session: TenantSession, _transaction: Any, connection: sa.Connection) -> None:
    """Both settings in one round trip, for this transaction only: a pooled connection keeps nothing."""
    tenant_id, client_id = session.entered
    connection.execute(
        sa.select(
            sa.func.set_config("app.tenant_id", str(tenant_id or ""), True),
            sa.func.set_config("app.client_id", str(client_id or ""), True),
        )
    )


def owned_models() -> dict[sa.FromClause, type[TenantOwned]]:
    """Every tenant-owned model by its table."""
    return {model.__table__: model for model in TenantOwned.__subclasses__()}  # type: ignore[attr-defined]


@sa.event.listens_for(TenantSession, "do_orm_execute")
def guard_statements(state: Any) -> None:
    """Decide by the tables in a statement, not by mappers: Core, aliases, subqueries and counts all pass here."""
    models = owned_models()
    named = {models[node] for node in visitors.iterate(state.statement) if node in models}
    if (state.is_insert or state.is_update or state.is_delete) and state.statement.table in models:
        named.add(models[state.statement.table])
    if not named:
        return
    tenant_id, client_id = state.session.tenant_id, state.session.entered[1]
    if state.is_insert or not state.is_orm_statement:
        raise BoundaryError("tenant-owned rows pass through mapped classes only")
    if state.is_update and any(_name(column) == "tenant_id" for column in _values(state)):
        raise BoundaryError("a row never changes its tenant")
    if client_id and (state.is_update or state.is_delete) and not all(model.portal_writes for model in named):
        raise BoundaryError("a client user's session writes nothing here")
    if not (state.is_column_load or state.is_relationship_load):
        state.statement = state.statement.options(
            *(with_loader_criteria(model, seen(model, tenant_id, client_id), include_aliases=True) for model in named)
        )


def seen(model: type[TenantOwned], tenant_id: UUID, client_id: UUID | None) -> sa.ColumnElement[bool]:
    """What this session may see of a model: its tenant's rows, and for a client user the portal rule of the table."""
    ours = model.tenant_id == tenant_id
    if client_id is None or model.portal_writes:
        return ours
    rule = model.portal_rule()
    if rule is None:
        return sa.false()
    return sa.and_(ours, getattr(model, model.portal_column) == client_id, rule)


@sa.event.listens_for(TenantSession, "before_flush")
def guard_rows(session: TenantSession, _context: Any, _instances: Any) -> None:
    for row in (*session.new, *session.dirty, *session.deleted):
        if not isinstance(row, TenantOwned):
            continue
        tenant_id, client_id = session.tenant_id, session.entered[1]
        if row.tenant_id is None:
            row.tenant_id = tenant_id
        if row.tenant_id != tenant_id:
            raise BoundaryError(f"{type(row).__name__} does not belong to the session's tenant")
        if client_id and not row.portal_writes and session.is_modified(row):
            raise BoundaryError("a client user's session writes nothing here")


def _values(state: Any) -> list[Any]:
    statement = state.statement
    parameters = state.parameters if isinstance(state.parameters, list) else [state.parameters or {}]
    ordered = [pair[0] for pair in statement._ordered_values or ()]
    return [*(statement._values or {}), *ordered, *(name for row in parameters for name in row)]


def _name(column: Any) -> str:
    return column if isinstance(column, str) else column.key
