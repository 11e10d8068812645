"""A file waits until the virus scanner answered: clean ones are opened, infected ones are destroyed and told of."""

import pytest
import sqlalchemy as sa

from consultancy.models.evidence import Evidence
from consultancy.privacy.sweeping import sweep
from tenants.audit import AuditEntry
from tenants.files import content_key, file_store, sha256_of
from tenants.messages import Message
from tenants.permissions import Role
from tests.document_templates.test_evidence import EICAR
from tests.factories import entered, found_tenant, make_client, make_engagement, make_evidence, make_member
from tests.workers.scanner_server import Scanner
from workers.scanning import scan_evidence


@pytest.fixture
def app(copied_database, tmp_path):
    copied_database.app.config |= {"SCANNER_URL": "", "STORAGE_URL": str(tmp_path / "files")}
    return copied_database.app


@pytest.fixture
def tenant(app):
    return found_tenant(app, slug="northgate")


@pytest.fixture
def shelf(app, tenant):
    """A file without a virus and one with it, both waiting; ids by name."""
    with entered(app, tenant):
        make_member(role=Role.OWNER)
        engagement = make_engagement(client=make_client())
        ids = {}
        for name, content in (("policy", b"Signed."), ("eicar", EICAR)):
            key = content_key(tenant, "evidence", content, "txt")
            file_store(app.config).put(key, content)
            ids[name] = make_evidence(
                engagement=engagement, state="quarantined", file_key=key, sha256=sha256_of(content), title=name
            ).id
        return ids


def rows(app, tenant):
    with entered(app, tenant) as session:
        return {row.title: (row.state, row.file_key is not None) for row in session.scalars(sa.select(Evidence))}


def turn_clock(app, tenant):
    """The pause before the next question is over."""
    with entered(app, tenant) as session:
        session.execute(sa.update(Evidence).values(check_after=sa.func.now()))


WAITING = {"policy": ("quarantined", True), "eicar": ("quarantined", True)}
ANSWERED = {"policy": ("clean", True), "eicar": ("infected", False)}


def test_a_clean_file_may_be_opened_and_an_infected_one_is_destroyed_and_told_of(app, tenant, shelf):
    with Scanner() as scanner:
        app.config["SCANNER_URL"] = scanner.url
        assert scan_evidence(app) == 2
        assert scan_evidence(app) == 0
    assert {asked for asked, _content in scanner.seen} == {b"zINSTREAM\0"}
    assert sorted(content for _asked, content in scanner.seen) == sorted([b"Signed.", EICAR])
    assert rows(app, tenant) == ANSWERED
    left = [file_store(app.config).get(key) for key in file_store(app.config).listing(f"t/{tenant}/")]
    assert left == [b"Signed."]
    with entered(app, tenant) as session:
        mail = session.scalars(sa.select(Message)).one()
        assert "“eicar”" in mail.body
        told = session.execute(sa.select(AuditEntry.verb, AuditEntry.subject_id).where(AuditEntry.verb.like("ev%")))
        assert set(map(tuple, told)) == {
            ("evidence.cleared", shelf["policy"]), ("evidence.infected", shelf["eicar"]),
        }  # fmt: skip


def test_while_the_scanner_is_away_files_wait_and_are_asked_for_again_later(app, tenant, shelf):
    app.config["SCANNER_URL"] = "clamd://127.0.0.1:9"
    assert scan_evidence(app) == 0
    assert rows(app, tenant) == WAITING
    with Scanner() as scanner:
        app.config["SCANNER_URL"] = scanner.url
        assert scan_evidence(app) == 1  # the first waits out its pause
        turn_clock(app, tenant)
        assert scan_evidence(app) == 1
    assert rows(app, tenant) == ANSWERED


@pytest.mark.parametrize("mood", [b"INSTREAM size limit exceeded. ERROR", b"stream: OK so far", b""])
def test_whatever_is_not_a_clear_answer_is_none(app, tenant, shelf, mood):
    with Scanner() as scanner:
        app.config["SCANNER_URL"], scanner.mood = scanner.url, mood or b"\0"
        assert scan_evidence(app) == 0
    assert rows(app, tenant) == WAITING


def test_without_a_scanner_what_waits_for_one_waits_on(app, tenant, shelf):
    assert scan_evidence(app) == 0
    assert rows(app, tenant) == WAITING


def test_what_is_infected_is_swept_away_when_the_worker_died_before_it_could(app, tenant, shelf):
    with entered(app, tenant) as session:
        session.execute(sa.update(Evidence).where(Evidence.id == shelf["eicar"]).values(state="infected"))
    for _twice in range(2):
        with entered(app, tenant):
            sweep(file_store(app.config))
    assert rows(app, tenant) == ANSWERED | {"policy": ("quarantined", True)}


def test_a_picture_that_a_clean_piece_shares_stays_when_an_infected_one_is_destroyed(app, tenant, shelf):
    files = file_store(app.config)
    with entered(app, tenant) as session:
        shared, own = (content_key(tenant, "evidence", content, "jpg") for content in (b"the same pixels", b"its own"))
        for key, content in ((shared, b"the same pixels"), (own, b"its own")):
            files.put(key, content)
        clean, infected = (session.get_one(Evidence, (tenant, shelf[name])) for name in ("policy", "eicar"))
        clean.state, clean.small_file_key = "clean", shared
        infected.state, infected.small_file_key, infected.large_file_key = "infected", shared, own
    with entered(app, tenant):
        sweep(files)
    assert files.get(shared) == b"the same pixels"
    left = {files.get(key) for key in files.listing(f"t/{tenant}/")}
    assert left == {b"Signed.", b"the same pixels"}
