"""Nothing crosses from one consultancy to another, nor from one employer to another: each wall holds alone."""

from typing import Any
from uuid import UUID, uuid4

import pytest
import sqlalchemy as sa
from sqlalchemy.orm.exc import ObjectDeletedError, StaleDataError

from tenants.audit import AuditChain, AuditEntry
from tenants.boundary import BoundaryError
from tenants.database import db
from tests import isolation_reads, isolation_writes
from tests.practice import rolled_back
from tests.walls import (
    BOTH,
    CLIENT_USER,
    CONSULTANT,
    MODELS,
    VIEWERS,
    WALLS,
    World,
    connection_of,
    fingerprint,
    standing,
)

# Ways that a developer should not write, and that must not leak all the same.
pytestmark = [
    pytest.mark.filterwarnings("ignore:SELECT statement has a cartesian product:sqlalchemy.exc.SAWarning"),
    pytest.mark.filterwarnings("ignore:The Session.bulk:DeprecationWarning"),
]

UNSEEN = (BoundaryError, sa.exc.ProgrammingError, ObjectDeletedError, StaleDataError, sa.exc.InvalidRequestError)
# A refusal by a unique or foreign key would hide a missing wall, so it does not count as one.
UNWRITTEN = (BoundaryError, sa.exc.ProgrammingError, StaleDataError, ObjectDeletedError, sa.exc.SAWarning)
HONEST = (
    "entities", "one_column", "an_aggregate", "an_alias", "a_column_of_an_alias", "a_subquery",
    "an_entity_from_a_subquery", "a_common_table_expression", "a_union", "a_group", "a_join", "a_join_to_itself",
    "a_stream",
)  # fmt: skip


def read(world: World, wall: str, viewer: str | None, way: str, model: Any, key: Any) -> set[UUID] | None:
    """The ids that a way of reading gets hold of; None when it is refused."""
    with rolled_back(world.app(wall)) as app, standing(wall), app.app_context():
        if viewer:
            db.session().enter(world.here.tenant, client_id=world.client(viewer))
        try:
            return {value for value in isolation_reads.WAYS[way](db.session(), model, key) if isinstance(value, UUID)}
        except UNSEEN:
            return None


def leaks(world: World, wall: str, viewer: str, way: str) -> dict[str, set[UUID]]:
    """What a way of reading shows that it should not, by model."""
    found = {}
    for model in MODELS:
        foreign = (world.here.of(model) | world.elsewhere.of(model) | {world.elsewhere.tenant}) - world.allowed(
            viewer, model
        )
        hidden = world.hidden(viewer, model)
        for key in {hidden[-1]} if viewer == CONSULTANT else {hidden[0], hidden[-1]}:
            seen = read(world, wall, viewer, way, model, key) or set()
            if seen & foreign:
                found[model.__name__] = seen & foreign
    return found


@pytest.mark.parametrize("model", MODELS, ids=lambda model: model.__name__)
def test_every_table_of_a_tenant_has_rows_behind_the_wall(world, model):
    assert world.here.of(model)
    assert world.elsewhere.of(model)


@pytest.mark.parametrize("way", isolation_reads.WAYS)
@pytest.mark.parametrize("viewer", VIEWERS)
@pytest.mark.parametrize("wall", WALLS)
def test_no_way_of_reading_passes_a_wall(world, wall, viewer, way):
    assert leaks(world, wall, viewer, way) == {}


@pytest.mark.parametrize("way", HONEST)
@pytest.mark.parametrize("viewer", VIEWERS)
@pytest.mark.parametrize("wall", (BOTH, *WALLS))
def test_what_a_viewer_may_see_is_seen_whole_and_the_same_behind_either_wall(world, wall, viewer, way):
    for model in MODELS:
        seen = read(world, wall, viewer, way, model, world.hidden(viewer, model)[0])
        assert (model, seen) == (model, world.allowed(viewer, model))


@pytest.mark.parametrize("way", isolation_reads.WAYS)
@pytest.mark.parametrize("wall", WALLS)
def test_nothing_is_read_before_a_tenant_is_entered(world, wall, way):
    for model in MODELS:
        hidden = world.hidden(CONSULTANT, model)[0]
        seen = read(world, wall, None, way, model, hidden) or set()
        assert (model, seen & (world.here.of(model) | world.elsewhere.of(model) | {hidden[1]})) == (model, set())


def columns_of(world: World, model: Any, key: Any) -> dict[str, Any]:
    """A hidden row's columns with a new id: what an attacker would write beside it."""
    with rolled_back(world.unwalled) as app:
        found = (
            connection_of(app)
            .execute(sa.select(model.__table__).where(model.__table__.c.id == key[1]))
            .mappings()
            .one()
        )
        return dict(found) | {"id": uuid4()}


def written(world: World, wall: str, viewer: str | None, way: str, model: Any, key: Any) -> bool:
    """Does a way of writing change a row behind the wall?"""
    columns, own = columns_of(world, model, key), (world.here.tenant, sorted(world.here.of(model))[0])
    watched = [world.elsewhere.tenant]
    if viewer == CLIENT_USER and model not in (AuditChain, AuditEntry):
        watched.append(world.here.tenant)
    with rolled_back(world.app(wall)) as app:
        connection = connection_of(app)
        before = [fingerprint(connection, model, tenant) for tenant in watched]
        with standing(wall), app.app_context():
            if viewer:
                db.session().enter(world.here.tenant, client_id=world.client(viewer))
            try:
                isolation_writes.WAYS[way](db.session(), model, key, columns, own)
            except UNWRITTEN:
                db.session.rollback()
            except AttributeError:  # an own row that is not even seen cannot be given away
                db.session.rollback()
            return before != [fingerprint(connection, model, tenant) for tenant in watched]


@pytest.mark.parametrize("way", isolation_writes.WAYS)
@pytest.mark.parametrize("viewer", VIEWERS)
@pytest.mark.parametrize("wall", WALLS)
def test_no_way_of_writing_passes_a_wall(world, wall, viewer, way):
    broken = []
    for model in MODELS:
        hidden = world.hidden(viewer, model)
        keys = {hidden[-1]} if viewer == CONSULTANT or model in (AuditChain, AuditEntry) else {hidden[0], hidden[-1]}
        broken += [model.__name__ for key in keys if written(world, wall, viewer, way, model, key)]
    assert broken == []


@pytest.mark.parametrize("way", isolation_writes.WAYS)
def test_nothing_is_written_before_a_tenant_is_entered(world, way):
    broken = [
        (model.__name__, wall)
        for model in MODELS
        for wall in WALLS
        if written(world, wall, None, way, model, world.hidden(CONSULTANT, model)[0])
    ]
    assert broken == []


@pytest.mark.parametrize("wall", WALLS)
def test_no_row_refers_to_another_consultancy(world, wall):
    """The composite key refuses it even where a wall would let the statement through."""
    with rolled_back(world.app(wall)) as app, app.app_context():
        db.session().enter(world.here.tenant)
        for model in MODELS:
            for names, target in references(model):
                foreign = sorted(world.elsewhere.of(target))[0]
                change = sa.update(model).where(model.id == sorted(world.here.of(model))[0]).values({names[0]: foreign})
                with pytest.raises(sa.exc.IntegrityError), db.session.begin_nested():
                    db.session.execute(change.execution_options(synchronize_session=False))


def references(model: Any) -> list[tuple[list[str], Any]]:
    """(columns beside tenant_id, model) of every reference that stays within the tenant."""
    walled = {model.__table__: model for model in MODELS}
    return [
        ([name for name in key.column_keys if name != "tenant_id"], walled[key.referred_table])
        for key in model.__table__.foreign_key_constraints
        if key.referred_table in walled
    ]
