"""No entry, no change: who did what stands in a chain that nobody can rewrite unnoticed."""

import threading
from uuid import UUID, uuid4

import pytest
import sqlalchemy as sa

from consultancy.models.client import Client
from consultancy.models.deliverable import Deliverable
from tenants import audit
from tenants.audit import AuditChain, AuditEntry
from tenants.database import db, transaction
from tests.factories import entered, found_tenant, make_client
from tests.practice import rolled_back
from tests.walls import CLIENT_USER


@pytest.fixture
def practice(database_app):
    return found_tenant(database_app, slug="northgate")


def entries(session) -> list[tuple[int, str]]:
    return [(entry.number, entry.verb) for entry in session.scalars(sa.select(AuditEntry).order_by(AuditEntry.number))]


def add_client(*, by: UUID | None = None) -> UUID:
    client = make_client()
    audit.record("client.added", client, by=by)
    return client.id


def test_a_change_is_recorded_with_who_what_and_when(database_app, practice):
    member = uuid4()
    with entered(database_app, practice):
        client = make_client()
        audit.record("client.changed", client, by=member, fields=["note"], since=client.created_at, client=client.id)
        key = client.id
    with entered(database_app, practice) as session:
        entry = session.scalars(sa.select(AuditEntry)).one()
        assert (entry.verb, entry.subject, entry.subject_id, entry.by_id) == ("client.changed", "client", key, member)
        assert entry.details == {"fields": ["note"], "since": "2026-03-02 14:30:00+00:00", "client": str(key)}
        assert audit.broken_link() is None


def test_without_an_entry_there_is_no_change(copied_database):
    practice = found_tenant(copied_database.app, slug="northgate")
    superuser = sa.create_engine(copied_database.superuser_url, poolclass=sa.NullPool)
    with superuser.begin() as connection:
        connection.execute(sa.text("revoke insert on audit_entry from consultancy_app"))
    with copied_database.app.app_context():
        db.session().enter(practice)
        with pytest.raises(sa.exc.ProgrammingError, match="permission denied"), transaction():
            add_client()
    with superuser.connect() as connection:
        assert connection.scalar(sa.text("select count(*) from client")) == 0


def test_without_a_tenant_nothing_is_recorded_and_nothing_committed(database_app, practice):
    with database_app.app_context(), pytest.raises(Exception, match="no tenant entered"), transaction():
        audit.record("client.added", Client(id=uuid4()), by=None)


@pytest.mark.parametrize(
    "statement", ["update audit_entry set verb = 'x'", "delete from audit_entry", "delete from audit_chain"]
)
def test_the_app_cannot_unsay_what_was_recorded(database_app, practice, statement):
    with entered(database_app, practice):
        add_client()
    with entered(database_app, practice) as session:
        with pytest.raises(sa.exc.ProgrammingError, match="permission denied"):
            session.execute(sa.text(statement))
        session.rollback()


@pytest.mark.parametrize(
    "forgery",
    [
        "update audit_entry set verb = 'client.removed' where number = 2",
        "update audit_entry set by_id = gen_random_uuid() where number = 2",
        "update audit_entry set at = at - interval '1 day' where number = 2",
        "update audit_entry set details = '{\"fields\": []}' where number = 2",
        "update audit_entry set subject_id = gen_random_uuid() where number = 2",
        "delete from audit_entry where number = 2",
        "update audit_entry set number = 5 where number = 2",
    ],
)
def test_a_forged_entry_is_named(world, forgery):
    with rolled_back(world.unwalled) as app:
        tenant = found_tenant(app, slug="forged")
        for _ in range(3):
            with entered(app, tenant):
                add_client()
        with entered(app, tenant) as session:
            assert audit.broken_link() is None
            session.execute(sa.text(f"{forgery} and tenant_id = '{tenant}'"))
            session.expire_all()
            assert audit.broken_link() == 2


def test_an_end_that_was_cut_off_is_noticed(world):
    with rolled_back(world.unwalled) as app:
        tenant = found_tenant(app, slug="cut")
        for _ in range(3):
            with entered(app, tenant):
                add_client()
        with entered(app, tenant) as session:
            session.execute(sa.text(f"delete from audit_entry where number = 3 and tenant_id = '{tenant}'"))
            session.expire_all()
            assert audit.broken_link() == 3


def test_the_chain_holds_in_whatever_zone_a_connection_reads_its_times(database_app, practice):
    with entered(database_app, practice):
        add_client()
    with entered(database_app, practice) as session:
        session.execute(sa.text("set local time zone 'America/Toronto'"))
        assert audit.broken_link() is None


def test_a_change_that_was_rolled_back_leaves_no_note(database_app, practice):
    with database_app.app_context():
        db.session().enter(practice)
        add_client()
        db.session.rollback()
        db.session.commit()
        assert entries(db.session) == []


def test_a_session_that_is_closed_leaves_no_note(database_app, practice):
    with database_app.app_context():
        db.session().enter(practice)
        add_client()
        db.session.close()
        db.session.execute(sa.select(1))
        db.session.commit()
        assert entries(db.session) == []


def test_an_attempt_that_fails_takes_its_own_notes_along_and_no_others(database_app, practice):
    with entered(database_app, practice) as session:
        add_client()
        attempt = session.begin_nested()
        audit.record("client.changed", make_client(), by=None)
        attempt.rollback()
        with session.begin_nested():
            audit.record("client.kept", make_client(), by=None)
    with entered(database_app, practice) as session:
        assert entries(session) == [(1, "client.added"), (2, "client.kept")]
        assert audit.broken_link() is None


def test_a_step_inside_an_attempt_that_fails_is_forgotten_with_it(database_app, practice):
    with entered(database_app, practice) as session:
        attempt = session.begin_nested()
        with session.begin_nested():
            add_client()
        attempt.rollback()
    with entered(database_app, practice) as session:
        assert entries(session) == []


def test_two_consultancies_have_two_chains(database_app, practice):
    other = found_tenant(database_app, slug="lakeshore")
    for tenant in (practice, other, practice):
        with entered(database_app, tenant):
            add_client()
    for tenant, length in ((practice, 2), (other, 1)):
        with entered(database_app, tenant) as session:
            assert session.scalars(sa.select(AuditChain)).one().length == length
            assert audit.broken_link() is None


def test_a_client_users_download_is_recorded_and_the_trail_stays_closed_to_them(world):
    with rolled_back(world.walled) as app:
        client, tenant = world.client(CLIENT_USER), world.here.tenant
        with entered(app, tenant, client) as session:
            deliverable = session.scalars(sa.select(Deliverable)).one()
            audit.record("deliverable.downloaded", deliverable, by=uuid4())
        with entered(app, tenant, client) as session:
            assert session.scalars(sa.select(AuditEntry)).all() == []
        with entered(app, tenant) as session:
            assert entries(session)[-1] == (3, "deliverable.downloaded")
            assert audit.broken_link() is None


def test_changes_in_opposite_orders_never_wait_for_each_other_in_a_circle(copied_database, full):
    app = copied_database.app
    practice = found_tenant(app, slug="northgate")
    with entered(app, practice):
        key = add_client()
    rounds, failures = 30 + 70 * full, []
    barrier = threading.Barrier(2, timeout=30)

    def change() -> None:
        bump = sa.update(Client).where(Client.id == key).values(headcount=Client.headcount + 1)
        db.session.execute(bump.execution_options(synchronize_session=False))

    def work(note_first: bool) -> None:
        for _ in range(rounds):
            barrier.wait()
            try:
                with entered(app, practice) as session:
                    if not note_first:
                        change()
                    audit.record("client.changed", session.get(Client, (practice, key)), by=None)
                    if note_first:
                        change()
            except sa.exc.OperationalError as error:
                failures.append(error)

    threads = [threading.Thread(target=work, args=[note_first]) for note_first in (True, False)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with entered(app, practice) as session:
        assert failures == []
        assert len(entries(session)) == 2 * rounds + 1
        assert audit.broken_link() is None
