"""The first wall: a session that serves at most one tenant, and one employer when a client user is signed in.

The second wall is row-level security in the database (tenants/walls.py). Each must hold with the other switched off.
"""

from collections.abc import Iterator
from functools import lru_cache
from typing import Any, NamedTuple
from uuid import UUID

import sqlalchemy as sa
from flask_sqlalchemy.session import Session
from sqlalchemy.orm.context import FromStatement
from sqlalchemy.orm.util import LoaderCriteriaOption
from sqlalchemy.sql import visitors
from sqlalchemy.sql.dml import UpdateBase
from sqlalchemy.sql.selectable import AliasedReturnsRows
from sqlalchemy.sql.util import ClauseAdapter

from tenants.keys import TenantOwned

CRITERIA_KEPT = 2048  # readers times tables
SHAPES_KEPT = 2048  # the product has some hundreds of statements


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

    def _past_the_wall(self, *_arguments: Any, **_options: Any) -> Any:
        raise BoundaryError("bulk methods pass neither guard below; use session.add_all or one update statement")

    bulk_save_objects = bulk_insert_mappings = bulk_update_mappings = _past_the_wall


@sa.event.listens_for(TenantSession, "after_begin")
def tell_postgres(session: TenantSession, _transaction: Any, connection: sa.Connection) -> None:
    """Both settings in one round trip, for this transaction only: a pooled connection keeps nothing."""
    tenant_id, client_id = session.entered
    connection.exec_driver_sql(
        "select set_config('app.tenant_id', %s, true), set_config('app.client_id', %s, true)",
        (str(tenant_id or ""), str(client_id or "")),
    )


def owned_models() -> dict[str, type[TenantOwned]]:
    """Every tenant-owned model by the name of its table."""
    return {model.__tablename__: model for model in TenantOwned.__subclasses__()}  # type: ignore[attr-defined]


@sa.event.listens_for(TenantSession, "do_orm_execute")
def guard_statements(state: Any) -> None:
    """Decide by the tables in a statement, not by mappers: aliases, subqueries and counts all pass here."""
    statement = state.statement
    named, writes_inside, reads_inside, unmapped = _shape_of(statement)
    if not named:
        return
    tenant_id, client_id = state.session.tenant_id, state.session.entered[1]
    writes = state.is_insert or state.is_update or state.is_delete
    if state.is_insert or isinstance(statement, FromStatement) or not state.is_orm_statement:
        raise BoundaryError("tenant-owned rows pass through mapped classes only")
    if writes_inside:
        raise BoundaryError("a statement that reads writes nothing")
    if writes and (reads_inside or named != {owned_models().get(statement.table.name)}):
        raise BoundaryError("an update or a delete names one table once: criteria reach its own rows only")
    if writes and client_id and not all(model.portal_writes for model in named):
        raise BoundaryError("a client user's session writes nothing here")
    if state.is_update and any(_name(column) == "tenant_id" for column in _values(state)):
        raise BoundaryError("a row never changes its tenant")
    if state.is_column_load:  # one row by its key; SQLAlchemy leaves loader criteria out of these
        state.statement = statement.where(*(seen(model, tenant_id, client_id) for model in named))
        return
    if unmapped and not state.is_relationship_load:
        raise BoundaryError("tenant-owned rows pass through mapped classes only")
    # A parent joined to its child shares the child's tenant by the key, but not what the portal may show of it.
    reached = owned_models().values() if client_id else named
    criteria = [_criteria(model, tenant_id, client_id) for model in reached]  # type: ignore[arg-type]
    state.statement = _without_criteria(statement).options(*criteria)


class Shape(NamedTuple):
    """What the wall asks of a statement: nothing of it depends on the statement's values or on who reads."""

    named: frozenset[type[TenantOwned]]
    writes_inside: bool
    reads_inside: bool
    unmapped: bool


_shapes: dict[tuple[Any, ...], Shape] = {}


def _shape_of(statement: Any) -> Shape:
    """Walked through once for each structure. SQLAlchemy knows statements by the same key when it keeps their SQL: it
    holds every table, column and alias with the mapped class they are of, and none where it cannot tell."""
    structure = statement._generate_cache_key()
    if structure is None:
        return _walked(statement)
    shape = _shapes.get(structure.key)
    if shape is None:
        if len(_shapes) >= SHAPES_KEPT:
            _shapes.clear()
        shape = _shapes[structure.key] = _walked(statement)
    return shape


def _walked(statement: Any) -> Shape:
    models = owned_models()
    nodes = list(visitors.iterate(statement))
    return Shape(
        frozenset(models[source.name] for node in nodes for source in _sources(node) if source.name in models),
        any(isinstance(node, UpdateBase) and node is not statement for node in nodes),
        any(isinstance(node, sa.SelectBase | AliasedReturnsRows) for node in nodes),
        any(isinstance(node, sa.Select) and _unmapped(node, models) for node in nodes),
    )


def seen(model: type[TenantOwned], tenant_id: UUID, client_id: UUID | None) -> sa.ColumnElement[bool]:
    """What this session may see of a model: its tenant's rows, and for a client user the portal rule of the table."""
    ours = model.tenant_id == tenant_id
    if client_id is None:
        return ours
    rule = model.portal_rule()
    if rule is None:
        return sa.false()
    if model.portal_column is None:
        return sa.and_(ours, rule)
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
        changed = row not in session.dirty or session.is_modified(row)
        adds_own = row in session.new and getattr(row, "client_id", None) == client_id
        if client_id and changed and not (row.portal_writes or adds_own and row.portal_accepts(session)):
            raise BoundaryError("a client user's session writes nothing here")


class _Criteria(LoaderCriteriaOption):
    """Loader criteria that follow an alias into a join, where SQLAlchemy leaves them with the table's own name: there
    they would narrow another row than the one that is read."""

    _traverse_internals = LoaderCriteriaOption._traverse_internals

    def _resolve_where_criteria(self, ext_info: Any) -> Any:
        criteria = super()._resolve_where_criteria(ext_info)
        return ClauseAdapter(ext_info.selectable).traverse(criteria) if ext_info.is_aliased_class else criteria


@lru_cache(maxsize=CRITERIA_KEPT)
def _criteria(model: type[TenantOwned], tenant_id: UUID, client_id: UUID | None) -> _Criteria:
    """Made once for each reader of a table; nothing in them depends on the statement or the time."""
    return _Criteria(model, seen(model, tenant_id, client_id), include_aliases=True)


def _without_criteria(statement: Any) -> Any:
    """A relationship load brings the criteria its parent was loaded with, which may have been another session's."""
    if not statement._with_options:
        return statement
    bare = statement._clone()
    bare._with_options = tuple(option for option in statement._with_options if not isinstance(option, _Criteria))
    return bare


def _sources(node: Any) -> Iterator[sa.TableClause]:
    """The tables that a part of a statement reaches, by itself or through one of its columns."""
    source = getattr(node, "table", None) if isinstance(node, sa.ColumnClause | UpdateBase) else node
    while isinstance(source, AliasedReturnsRows) and not isinstance(source, sa.Subquery | sa.CTE):
        source = source.element
    if isinstance(source, sa.TableClause):
        yield source


def _unmapped(select: sa.Select[Any], models: dict[str, type[TenantOwned]]) -> bool:
    """Does this select name a table past its mapped class, where no criteria would follow?"""
    parts = list(_own_parts(select))
    mapped = {part._annotations["parententity"].selectable for part in parts if "parententity" in part._annotations}
    bare = [part for part in parts if "parententity" not in part._annotations]
    sources: list[Any] = [*select._from_obj, *select._raw_columns, *(join[0] for join in select._setup_joins)]
    sources += [side for part in bare if isinstance(part, sa.Join) for side in (part.left, part.right)]
    if any(_owned(source, models) and "parententity" not in source._annotations for source in sources):
        return True
    columns = [part for part in bare if isinstance(part, sa.ColumnClause)]
    return any(_owned(column, models) and column.table not in mapped for column in columns)


def _own_parts(node: Any) -> Iterator[Any]:
    """The parts of a statement without those of the statements inside it."""
    for part in node.get_children():
        yield part
        if not isinstance(part, sa.SelectBase):
            yield from _own_parts(part)


def _owned(part: Any, models: dict[str, type[TenantOwned]]) -> bool:
    return any(source.name in models for source in _sources(part))


def _values(state: Any) -> list[Any]:
    parameters = state.parameters if isinstance(state.parameters, list) else [state.parameters or {}]
    return [*(state.statement._values or {}), *(name for row in parameters for name in row)]


def _name(column: Any) -> str:
    return column if isinstance(column, str) else column.key
