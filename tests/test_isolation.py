"""Nothing crosses from one consultancy to another, nor from one employer to another: with both walls and with each alone."""

from uuid import UUID

import pytest
import sqlalchemy as sa
from sqlalchemy.orm.exc import ObjectDeletedError, StaleDataError

from tenants.boundary import BoundaryError
from tenants.database import db
from tests.isolation_reads import WAYS
from tests.practice import rolled_back
from tests.walls import MODELS, VIEWERS, WALLS, World, standing

# Ways of reading that a developer should not write, and that must not leak all the same.
pytestmark = pytest.mark.filterwarnings("ignore:SELECT statement has a cartesian product:sqlalchemy.exc.SAWarning")

REFUSED = (BoundaryError, sa.exc.ProgrammingError, ObjectDeletedError, StaleDataError, sa.exc.InvalidRequestError)


def read(world: World, wall: str, viewer: str | None, way: str, model, key) -> set | None:
    """The ids that a way of reading gets hold of; None when it is refused."""
    with rolled_back(world.app(wall)) as app, standing(wall), app.app_context():
        if viewer:
            db.session().enter(world.here.tenant, client_id=world.client(viewer))
        try:
            return {value for value in WAYS[way](db.session(), model, key) if isinstance(value, UUID)}
        except REFUSED:
            return None


@pytest.mark.parametrize("model", MODELS, ids=lambda model: model.__name__)
def test_every_table_of_a_tenant_has_rows_behind_the_wall(world, model):
    assert world.here.of(model)
    assert world.elsewhere.of(model)


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("viewer", VIEWERS)
@pytest.mark.parametrize("wall", WALLS)
def test_no_way_of_reading_passes_the_walls(world, wall, viewer, way):
    leaks = {}
    for model in MODELS:
        known = world.here.of(model) | world.elsewhere.of(model) | {world.elsewhere.tenant}
        hidden = world.hidden(viewer, model)
        for key in (hidden[0], hidden[-1]):
            seen = read(world, wall, viewer, way, model, key)
            if seen and seen & (known - world.allowed(viewer, model)):
                leaks[model.__name__] = seen
    assert leaks == {}
