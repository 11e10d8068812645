"""The session serves one tenant and one employer, and each of its guards is needed."""

from uuid import uuid4

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import aliased, immediateload, joinedload, lazyload, selectinload, subqueryload

from consultancy.models.assessment import RatingChange
from consultancy.models.client import Client, Site
from consultancy.models.deliverable import Deliverable
from consultancy.models.engagement import Engagement
from consultancy.models.finding import Finding
from tenants import boundary
from tenants.boundary import BoundaryError
from tenants.database import db
from tests import test_isolation
from tests.factories import entered, found_tenant, make_client
from tests.practice import rolled_back, statements_of
from tests.walls import (
    CLIENT_USER,
    CONSULTANT,
    DATABASE,
    MODELS,
    SESSION,
    WALLS,
    connection_of,
    session_wall_down,
    standing,
    weakened,
    without_bulk_refusal,
    without_listener,
)

pytestmark = [
    pytest.mark.filterwarnings("ignore:SELECT statement has a cartesian product:sqlalchemy.exc.SAWarning"),
    pytest.mark.filterwarnings("ignore:The Session.bulk:DeprecationWarning"),
]
LOADERS = (joinedload, selectinload, subqueryload, immediateload, lazyload)


def test_a_session_never_changes_its_tenant_or_its_employer(database_app):
    with database_app.app_context():
        here, employer = uuid4(), uuid4()
        db.session().enter(here, client_id=employer)
        db.session().enter(here, client_id=employer)
        for tenant, client in ((uuid4(), employer), (here, None), (here, uuid4())):
            with pytest.raises(BoundaryError, match="someone else"):
                db.session().enter(tenant, client_id=client)


def test_entering_midway_reaches_the_database_too(database_app):
    tenant = found_tenant(database_app, slug="northgate")
    with database_app.app_context():
        db.session.execute(sa.select(1))
        db.session().enter(tenant)
        assert db.session.scalar(sa.text("select current_setting('app.tenant_id')")) == str(tenant)


def test_a_new_row_belongs_to_the_entered_tenant_without_being_told(database_app):
    tenant = found_tenant(database_app, slug="northgate")
    with entered(database_app, tenant):
        assert make_client().tenant_id == tenant


@pytest.mark.parametrize("load", LOADERS)
@pytest.mark.parametrize("wall", WALLS)
def test_a_relationship_leads_a_client_user_to_nothing_that_is_closed(world, wall, load):
    client = world.client(CLIENT_USER)
    with rolled_back(world.app(wall)) as app, standing(wall), app.app_context():
        db.session().enter(world.here.tenant, client_id=client)
        options = load(Engagement.lead), load(Engagement.client)
        engagements = db.session.scalars(sa.select(Engagement).options(*options)).unique().all()
        assert [(row.lead, row.client.id) for row in engagements] == [(None, client)] * 2
        deliverables = db.session.scalars(sa.select(Deliverable).options(load(Deliverable.requested_by))).unique().all()
        assert [row.requested_by for row in deliverables] == [None]


@pytest.mark.parametrize("wall", WALLS)
def test_a_row_of_another_session_brings_no_criteria_along(world, wall):
    """Attached to a client user's session, a consultant's row still leads to nothing that the portal closes."""
    with rolled_back(world.app(wall)) as app:
        with entered(app, world.here.tenant) as session:
            engagement = session.get(Engagement, (world.here.tenant, world.here.employers[0][Engagement][1]))
            session.expunge(engagement)
        with standing(wall), entered(app, world.here.tenant, world.client(CLIENT_USER)) as session:
            session.add(engagement)
            assert engagement.lead_id is not None
            assert engagement.lead is None


def test_a_parent_already_loaded_costs_no_statement(world):
    with rolled_back(world.walled) as app, entered(app, world.here.tenant) as session:
        clients = {row.id: row for row in session.scalars(sa.select(Client))}
        sites = session.scalars(sa.select(Site)).all()
        with statements_of(connection_of(app)) as statements:
            assert [site.client for site in sites] == [clients[site.client_id] for site in sites]
        assert statements == []


def test_what_the_wall_knows_of_one_statement_is_not_taken_for_another_that_reads_alike(world):
    """The same words for PostgreSQL, through the mapped class and past it, and through one alias and past another."""
    bare, (left, right) = Site.__table__, (aliased(Site), aliased(Site))
    pairs = [
        (sa.select(Site.id), sa.select(bare.c.id)),
        (sa.select(sa.func.count()).select_from(Site), sa.select(sa.func.count()).select_from(bare)),
        (sa.select(left.id, right.name), sa.select(left.id, sa.inspect(right).selectable.c.name)),
        (
            sa.select(Engagement.id).where(sa.exists().where(Site.client_id == Engagement.client_id)),
            sa.select(Engagement.id).where(sa.exists().where(bare.c.client_id == Engagement.client_id)),
        ),
    ]
    with rolled_back(world.walled) as app, entered(app, world.here.tenant) as session:
        for mapped, past in pairs:
            assert str(mapped) == str(past)
            for _ in range(2):
                session.execute(mapped).all()
                with pytest.raises(BoundaryError, match="mapped classes"):
                    session.execute(past)
        for _ in range(2):
            with pytest.raises(BoundaryError, match="mapped classes"):
                session.execute(sa.select(sa.table("site", sa.column("id")).c.id))


def test_an_update_that_moves_a_row_is_refused_whatever_the_same_update_was_given_before(world):
    with rolled_back(world.walled) as app, entered(app, world.here.tenant) as session:
        update = sa.update(Site).where(Site.id == next(iter(world.here.of(Site))))
        session.execute(update, {"name": "Mill"})
        with pytest.raises(BoundaryError, match="never changes its tenant"):
            session.execute(update, {"name": "Mill", "tenant_id": world.elsewhere.tenant})
        session.execute(update, {"name": "Yard"})


def test_one_pooled_connection_serves_a_thousand_sessions_and_mixes_no_rows(copied_database):
    app = copied_database.app
    tenants = [found_tenant(app, slug=slug) for slug in ("northgate", "lakeshore")]
    for tenant in tenants:
        with entered(app, tenant):
            make_client()
    with app.app_context():
        engine = sa.create_engine(copied_database.url, pool_size=1, max_overflow=0)
        db.engine.dispose()
        db.engines[None] = engine
    foreign = 0
    for turn in range(1000):
        tenant = tenants[turn % 2]
        with app.app_context():
            db.session().enter(tenant)
            rows = db.session.execute(sa.select(Client.tenant_id)).scalars().all()
            rows += db.session.execute(sa.text("select tenant_id from client")).scalars().all()
            foreign += sum(found != tenant for found in rows) + (len(rows) != 2)
            if turn % 3 == 0:
                db.session.rollback()
            elif turn % 3 == 1:
                db.session.commit()
    with app.app_context():
        after = db.session.scalar(sa.text("select count(*) from client"))
    assert (foreign, after) == (0, 0)


def test_the_portals_rule_means_the_same_to_the_session_and_to_the_database(world):
    with rolled_back(world.unwalled) as app, entered(app, world.here.tenant) as session:
        client = world.client(CLIENT_USER)
        row = session.get(Deliverable, (world.here.tenant, world.here.employers[0][Deliverable][0]))
        for standing in ("draft", "in_review", "approved", "released", "superseded", "withdrawn"):
            row.standing = standing
            session.flush()
            by_session = set(
                session.scalars(sa.select(Deliverable.id).where(boundary.seen(Deliverable, world.here.tenant, client)))
            )
            nested = session.begin_nested()
            session.execute(sa.text("set local role consultancy_app"))
            session.execute(sa.select(sa.func.set_config("app.client_id", str(client), True)))
            by_database = set(session.scalars(sa.text("select id from deliverable")))
            nested.rollback()
            assert (standing, by_session) == (standing, by_database)


# Positive controls: without the guard, the check that relies on it sees a leak. One wall stands in neither.


def test_control_without_the_guard_of_statements_rows_are_read(world):
    with without_listener("do_orm_execute", boundary.guard_statements):
        assert test_isolation.leaks(world, SESSION, CONSULTANT, "entities").keys() == {
            model.__name__ for model in MODELS
        }


def test_control_without_the_guard_of_rows_they_are_written(world):
    with without_listener("before_flush", boundary.guard_rows):
        assert written(world, SESSION, CONSULTANT, "a_new_row", Site)
        assert written(world, SESSION, CLIENT_USER, "a_changed_row", Finding)
        assert written(world, SESSION, CLIENT_USER, "a_new_row", RatingChange)


def test_control_without_the_refusal_of_bulk_methods_rows_are_written(world):
    with without_bulk_refusal():
        assert written(world, SESSION, CONSULTANT, "objects_in_bulk", Site)
        assert written(world, SESSION, CONSULTANT, "mappings_in_bulk", Site)


def test_control_without_the_question_about_mapped_classes_tables_are_read(world):
    with weakened("_unmapped", lambda select, models: False):
        assert test_isolation.leaks(world, SESSION, CONSULTANT, "a_column_of_the_table_beside_a_tenant")


def test_control_without_criteria_that_follow_an_alias_a_join_reads_more(world):
    with weakened("_Criteria", sa.orm.with_loader_criteria):
        assert test_isolation.leaks(world, SESSION, CONSULTANT, "a_join_to_itself")


def test_control_without_the_portals_rule_a_client_user_reads_more(world):
    with weakened("seen", lambda model, tenant, client: model.tenant_id == tenant):
        assert test_isolation.leaks(world, SESSION, CLIENT_USER, "entities")


def test_control_without_the_word_to_postgres_nothing_is_seen_at_all(world):
    with without_listener("after_begin", boundary.tell_postgres):
        assert test_isolation.read(world, DATABASE, CONSULTANT, "entities", Client, None) == set()


@pytest.mark.parametrize(
    ("statement", "viewer"),
    [
        ("alter table finding disable row level security", CONSULTANT),
        ("drop policy own_employer on finding", CLIENT_USER),
        ("create policy careless on finding to consultancy_app using (true)", CONSULTANT),
    ],
)
def test_control_without_a_part_of_the_databases_wall_rows_are_read(world, statement, viewer):
    name = world.walled.config["SQLALCHEMY_DATABASE_URI"].rsplit("/", 1)[1]
    with world.unwalled.app_context():
        superuser = sa.create_engine(db.engine.url, poolclass=sa.NullPool)
    assert name == superuser.url.database
    with superuser.connect() as connection:
        connection.execute(sa.text(statement))
        connection.execute(sa.text("set local role consultancy_web"))
        settings = {"app.tenant_id": world.here.tenant, "app.client_id": world.client(viewer) or ""}
        for setting, value in settings.items():
            connection.execute(sa.select(sa.func.set_config(setting, str(value), True)))
        seen = set(connection.scalars(sa.text("select id from finding")))
        connection.rollback()
    assert seen - world.allowed(viewer, Finding)


def written(world, wall, viewer, way, model):
    return test_isolation.written(world, wall, viewer, way, model, world.hidden(viewer, model)[-1])


def test_both_walls_are_up_again_after_the_controls(world):
    with session_wall_down():
        assert not sa.event.contains(boundary.TenantSession, "do_orm_execute", boundary.guard_statements)
    assert sa.event.contains(boundary.TenantSession, "do_orm_execute", boundary.guard_statements)
    assert test_isolation.leaks(world, SESSION, CLIENT_USER, "entities") == {}
