"""Ways to write a row behind the wall. Each ends with a flush; the test compares the tables before and after."""

from collections.abc import Callable
from typing import Any
from uuid import uuid4

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql
from sqlalchemy.orm import Session, aliased, make_transient_to_detached

from tenants.models import Tenant

# (session, model, key of a hidden row, columns of a hidden row with a new id, an own key or None)
Way = Callable[[Session, Any, Any, dict[str, Any], Any], None]
WAYS: dict[str, Way] = {}


def way(function: Way) -> Way:
    WAYS[function.__name__] = function
    return function


def _column(model: Any) -> tuple[str, Any]:
    """A column that no reference needs, and another value for it."""
    free = {column.key for column in model.__table__.columns} - {"tenant_id", "id", "revision"}
    free -= {name for key in model.__table__.foreign_key_constraints for name in key.column_keys}
    for column in model.__table__.columns:
        if column.key in free and isinstance(column.type, sa.String) and not column.type.length:
            return column.key, "overwritten"
        if column.key in free and isinstance(column.type, sa.LargeBinary):
            return column.key, b"overwritten"
    for column in model.__table__.columns:
        if column.key in free and isinstance(column.type, sa.String):
            return column.key, "x"
    return "id", uuid4()


def _attached(session: Session, model: Any, key: Any) -> Any:
    known = {"revision": 1} if "revision" in model.__table__.columns else {}
    row = model(tenant_id=key[0], id=key[1], **known)
    make_transient_to_detached(row)
    session.add(row)
    return row


@way
def a_new_row(session, model, key, columns, own):
    session.add(model(**columns))
    session.flush()


@way
def a_changed_row(session, model, key, columns, own):
    name, value = _column(model)
    row = _attached(session, model, key)
    setattr(row, name, value)
    session.flush()


@way
def a_deleted_row(session, model, key, columns, own):
    row = _attached(session, model, key)
    session.delete(row)
    session.flush()


@way
def a_merged_row(session, model, key, columns, own):
    name, value = _column(model)
    session.merge(model(**columns | {"id": key[1], name: value}))
    session.flush()


@way
def an_own_row_given_away(session, model, key, columns, own):
    row = session.get(model, own)
    row.tenant_id = key[0]
    session.flush()


@way
def an_own_row_given_away_by_statement(session, model, key, columns, own):
    session.execute(sa.update(model).where(model.id == own[1]).values(tenant_id=key[0]))


@way
def an_own_row_given_away_by_name(session, model, key, columns, own):
    session.execute(sa.update(model).where(model.id == own[1]).values({"tenant_id": key[0]}))


@way
def an_own_row_given_away_in_order(session, model, key, columns, own):
    session.execute(sa.update(model).where(model.id == own[1]).ordered_values((model.tenant_id, key[0])))


@way
def an_own_row_given_away_by_parameter(session, model, key, columns, own):
    session.execute(sa.update(model).where(model.id == own[1]), {"tenant_id": key[0]})


@way
def an_update(session, model, key, columns, own):
    name, value = _column(model)
    session.execute(sa.update(model).where(model.id == key[1]).values({name: value}))


@way
def an_update_of_everything(session, model, key, columns, own):
    name, value = _column(model)
    change = sa.update(model).where(model.tenant_id == key[0]).values({name: value})
    session.execute(change.execution_options(synchronize_session=False))


@way
def an_update_by_keys(session, model, key, columns, own):
    name, value = _column(model)
    session.execute(
        sa.update(model), [{"tenant_id": key[0], "id": key[1], "revision": columns.get("revision"), name: value}]
    )


@way
def an_update_through_an_alias(session, model, key, columns, own):
    name, value = _column(model)
    other = aliased(model)
    change = sa.update(model).where(model.id == other.id, other.id == key[1]).values({name: value})
    session.execute(change.execution_options(synchronize_session=False))


@way
def a_delete(session, model, key, columns, own):
    session.execute(sa.delete(model).where(model.id == key[1]))


@way
def a_delete_by_way_of_a_tenant(session, model, key, columns, own):
    gone = sa.delete(model).where(model.tenant_id == Tenant.id, Tenant.id == key[0])
    session.execute(gone.execution_options(synchronize_session=False))


@way
def an_insert(session, model, key, columns, own):
    session.execute(sa.insert(model).values(columns))


@way
def many_inserts(session, model, key, columns, own):
    session.execute(sa.insert(model), [columns])


@way
def an_insert_or_update(session, model, key, columns, own):
    name, value = _column(model)
    new = postgresql.insert(model).values(columns | {"id": key[1]})
    session.execute(new.on_conflict_do_update(index_elements=["tenant_id", "id"], set_={name: value}))


@way
def an_insert_into_the_table(session, model, key, columns, own):
    session.execute(sa.insert(model.__table__).values(columns))


@way
def an_update_of_the_table(session, model, key, columns, own):
    name, value = _column(model)
    table = model.__table__
    session.execute(sa.update(table).where(table.c.id == key[1]).values({name: value}))


@way
def a_delete_from_the_table(session, model, key, columns, own):
    session.execute(sa.delete(model.__table__).where(model.__table__.c.id == key[1]))


@way
def a_delete_inside_a_read(session, model, key, columns, own):
    gone = sa.delete(model.__table__).where(model.__table__.c.id == key[1]).returning(model.__table__.c.id).cte()
    session.execute(sa.select(Tenant.name).add_cte(gone)).all()


@way
def an_update_inside_a_read(session, model, key, columns, own):
    name, value = _column(model)
    change = sa.update(model).where(model.id == key[1]).values({name: value}).returning(model.id).cte()
    session.execute(sa.select(Tenant.name).add_cte(change)).all()


@way
def the_older_update(session, model, key, columns, own):
    name, value = _column(model)
    session.query(model).filter_by(id=key[1]).update({name: value})


@way
def the_older_delete(session, model, key, columns, own):
    session.query(model).filter_by(id=key[1]).delete()


@way
def objects_in_bulk(session, model, key, columns, own):
    session.bulk_save_objects([model(**columns)])


@way
def mappings_in_bulk(session, model, key, columns, own):
    session.bulk_insert_mappings(model, [columns])


@way
def changes_in_bulk(session, model, key, columns, own):
    name, value = _column(model)
    session.bulk_update_mappings(
        model, [{"tenant_id": key[0], "id": key[1], "revision": columns.get("revision"), name: value}]
    )
