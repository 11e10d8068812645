"""Ways to read a table. Each returns the ids it could get hold of; what it should not see is named by its key."""

from collections.abc import Callable
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session, aliased, make_transient_to_detached

from tenants.models import Person, Tenant

Way = Callable[[Session, Any, Any], list[Any]]
WAYS: dict[str, Way] = {}


def way(function: Way) -> Way:
    WAYS[function.__name__] = function
    return function


def _flat(session: Session, statement: Any) -> list[Any]:
    values: list[Any] = []
    for row in session.execute(statement):
        for value in row:
            values += value if isinstance(value, list) else [getattr(value, "id", value)]
    return values


def _known(key: Any) -> Any:
    return sa.literal(key[1], sa.Uuid())


def _detached(model: Any, key: Any) -> Any:
    row = model(tenant_id=key[0], id=key[1])
    make_transient_to_detached(row)
    return row


@way
def entities(session, model, key):
    return _flat(session, sa.select(model))


@way
def one_column(session, model, key):
    return _flat(session, sa.select(model.id))


@way
def an_aggregate(session, model, key):
    return [*(session.scalar(sa.select(sa.func.array_agg(model.id))) or [])]


@way
def a_column_deep_in_an_expression(session, model, key):
    return _flat(session, sa.select(sa.case((sa.func.coalesce(model.id, model.id) == key[1], _known(key)))))


@way
def an_alias(session, model, key):
    return _flat(session, sa.select(aliased(model)))


@way
def a_column_of_an_alias(session, model, key):
    return _flat(session, sa.select(aliased(model).id))


@way
def a_subquery(session, model, key):
    return _flat(session, sa.select(sa.select(model.id).subquery().c.id))


@way
def an_entity_from_a_subquery(session, model, key):
    return _flat(session, sa.select(aliased(model, sa.select(model).subquery())))


@way
def a_subquery_beside_a_person(session, model, key):
    inner = sa.select(model.id).subquery()
    return _flat(session, sa.select(inner.c.id).select_from(Person).join(inner, sa.true()))


@way
def a_common_table_expression(session, model, key):
    return _flat(session, sa.select(sa.select(model.id).cte().c.id))


@way
def a_recursive_expression(session, model, key):
    first = sa.select(model.id).cte("walk", recursive=True)
    return _flat(session, sa.select(first.union(sa.select(model.id).where(model.id != first.c.id)).c.id))


@way
def a_union(session, model, key):
    return _flat(session, sa.union_all(sa.select(model.id), sa.select(aliased(model).id)))


@way
def a_union_as_a_source(session, model, key):
    return _flat(session, sa.select(sa.union(sa.select(model.id), sa.select(model.id)).subquery().c.id))


@way
def entities_from_a_union(session, model, key):
    both = sa.union_all(sa.select(model), sa.select(model)).subquery()
    return _flat(session, sa.select(aliased(model, both)))


@way
def entities_from_a_statement(session, model, key):
    return _flat(session, sa.select(model).from_statement(sa.select(model)))


@way
def entities_from_a_statement_on_the_table(session, model, key):
    return _flat(session, sa.select(model).from_statement(sa.select(model.__table__)))


@way
def an_exists(session, model, key):
    return _flat(session, sa.select(_known(key)).where(sa.exists().where(model.id == key[1])))


@way
def an_exists_beside_a_person(session, model, key):
    found = sa.exists(sa.select(model.id).where(model.id == key[1]))
    return _flat(session, sa.select(Tenant.name, _known(key)).where(found))


@way
def an_exists_on_the_table(session, model, key):
    found = sa.exists(sa.select(sa.literal(1)).select_from(model.__table__).where(model.__table__.c.id == key[1]))
    return _flat(session, sa.select(Tenant.name, _known(key)).where(found))


@way
def a_count_of_the_table(session, model, key):
    table = model.__table__
    more = sa.select(sa.func.count()).select_from(table).where(table.c.id == key[1]).scalar_subquery()
    return _flat(session, sa.select(Tenant.name, sa.case((more > 0, _known(key)))))


@way
def the_table_without_its_columns(session, model, key):
    """Nobody may even learn that a table has more rows than they see."""
    rows = session.scalar(sa.select(sa.func.count()).select_from(sa.join(Tenant, model.__table__, sa.true())))
    own = session.scalar(sa.select(sa.func.count()).select_from(Tenant).join(model, sa.true()))
    return [key[1]] if rows > own else []


@way
def the_older_count(session, model, key):
    return [key[1]] if session.query(model).filter_by(id=key[1]).count() else []


@way
def a_scalar_subquery(session, model, key):
    return _flat(session, sa.select(sa.select(model.id).where(model.id == key[1]).scalar_subquery()))


@way
def a_subquery_in_a_membership_test(session, model, key):
    return _flat(session, sa.select(_known(key)).where(_known(key).in_(sa.select(model.id))))


@way
def an_order_of_rows(session, model, key):
    first = sa.select(model.id).where(model.id == key[1]).scalar_subquery()
    return _flat(session, sa.select(first.label("found"), Tenant.name).order_by(first))


@way
def a_having(session, model, key):
    return _flat(session, sa.select(_known(key)).select_from(model).having(sa.func.bool_or(model.id == key[1])))


@way
def a_group(session, model, key):
    return _flat(session, sa.select(model.id, sa.func.count()).group_by(model.id))


@way
def a_window(session, model, key):
    return _flat(session, sa.select(sa.func.first_value(model.id).over(order_by=model.id == key[1])))


@way
def a_condition_that_names_the_table(session, model, key):
    return _flat(session, sa.select(Tenant.id, _known(key)).where(Tenant.id == model.tenant_id, model.id == key[1]))


@way
def a_join(session, model, key):
    return _flat(session, sa.select(model.id).join(Tenant, Tenant.id == model.tenant_id))


@way
def an_outer_join(session, model, key):
    return _flat(session, sa.select(Tenant.name, model.id).outerjoin(model, Tenant.id == model.tenant_id))


@way
def a_join_on_the_table(session, model, key):
    table = model.__table__
    return _flat(session, sa.select(Tenant.name, table.c.id).outerjoin(table, Tenant.id == table.c.tenant_id))


@way
def a_join_to_itself(session, model, key):
    other = aliased(model)
    return _flat(session, sa.select(other.id).select_from(model).join(other, sa.true()))


@way
def a_joined_source(session, model, key):
    source = sa.join(Tenant.__table__, model.__table__, sa.true())
    return _flat(session, sa.select(Tenant.name, source.corresponding_column(model.__table__.c.id)).select_from(source))


@way
def a_lateral_source(session, model, key):
    inner = sa.select(model.id).where(model.tenant_id == Tenant.id).lateral()
    return _flat(session, sa.select(Tenant.name, inner.c.id).join(inner, sa.true()))


@way
def the_table_itself(session, model, key):
    return _flat(session, sa.select(model.__table__))


@way
def a_column_of_the_table_beside_a_tenant(session, model, key):
    return _flat(session, sa.select(Tenant.name, model.__table__.c.id))


@way
def an_alias_of_the_table_beside_a_tenant(session, model, key):
    return _flat(session, sa.select(Tenant.name, model.__table__.alias().c.id))


@way
def a_table_of_the_same_name_beside_a_tenant(session, model, key):
    return _flat(session, sa.select(Tenant.name, sa.table(model.__tablename__, sa.column("id")).c.id))


@way
def a_sample_of_the_table(session, model, key):
    return _flat(session, sa.select(Tenant.name, sa.tablesample(model.__table__, sa.func.system(100)).c.id))


@way
def a_key(session, model, key):
    return [row.id for row in [session.get(model, key)] if row]


@way
def a_key_for_update(session, model, key):
    return [row.id for row in [session.get(model, key, with_for_update=True)] if row]


@way
def rows_for_update(session, model, key):
    return _flat(session, sa.select(model).with_for_update())


@way
def the_older_query(session, model, key):
    return [row.id for row in session.query(model).all()]


@way
def the_older_query_by_key(session, model, key):
    return [row.id for row in session.query(model).filter_by(id=key[1])]


@way
def a_stream(session, model, key):
    return [row.id for row in session.scalars(sa.select(model).execution_options(yield_per=3))]


@way
def a_row_that_was_attached(session, model, key):
    row = _detached(model, key)
    session.add(row)
    session.refresh(row)
    return [row.id]


@way
def an_attribute_of_a_row_that_was_attached(session, model, key):
    row = _detached(model, key)
    session.add(row)
    session.expire(row, ["id"])
    names = [column.key for column in sa.inspect(model).columns if column.key not in ("tenant_id", "id")]
    return [row.id] if [getattr(row, name) for name in names] else []


@way
def a_row_that_was_merged(session, model, key):
    row = session.merge(_detached(model, key), load=False)
    session.refresh(row)
    return [row.id]


@way
def a_delete_inside_a_read(session, model, key):
    gone = sa.delete(model).where(model.id == key[1]).returning(model.id).cte()
    return _flat(session, sa.select(Tenant.name, gone.c.id))


@way
def an_update_that_tells(session, model, key):
    change = sa.update(model).values(id=model.id).where(model.id == key[1]).returning(model.id)
    return _flat(session, change.execution_options(synchronize_session=False))


@way
def an_update_elsewhere_that_tells(session, model, key):
    change = sa.update(Tenant).values(email="x").where(Tenant.id == model.tenant_id).returning(model.id)
    return _flat(session, change.execution_options(synchronize_session=False))


@way
def an_update_fed_by_a_subquery(session, model, key):
    inner = sa.select(sa.cast(model.id, sa.Text)).where(model.id == key[1]).scalar_subquery()
    change = sa.update(Tenant).values(address=sa.func.coalesce(inner, "")).returning(Tenant.address)
    told = session.scalars(change.execution_options(synchronize_session=False)).all()
    return [key[1]] if str(key[1]) in told else []
