"""Periods, holds, exports and destruction as people meet them."""

import io
import shutil
from zipfile import ZipFile

import pytest
import sqlalchemy as sa

from consultancy.models.client import Client
from consultancy.models.engagement import Engagement
from consultancy.models.retention import DeletionCertificate
from tenants.audit import AuditEntry
from tenants.files import Folder, prefix_of
from tenants.models import Tenant
from tests.factories import entered


@pytest.fixture(autouse=True)
def files(app, tmp_path):
    """A copy of the storage: a rollback brings no file back."""
    before = app.config["STORAGE_URL"]
    app.config["STORAGE_URL"] = str(shutil.copytree(before, tmp_path / "copy"))
    yield Folder(tmp_path / "copy")
    app.config["STORAGE_URL"] = before


def verbs(app, stand) -> list[str]:
    with entered(app, stand.here.tenant) as session:
        return list(session.scalars(sa.select(AuditEntry.verb).order_by(AuditEntry.number.desc())))


@pytest.fixture
def first(stand):
    return stand.here.employers[0].ids


def test_a_period_is_changed_on_its_page(signed_in):
    visitor = signed_in("adm")
    answer = visitor.post("/northgate/settings/retention", {"record_class": "engagement", "years": "10"})
    assert answer.status_code == 303
    assert "ours: 7" in visitor.get("/northgate/settings/retention").text


@pytest.mark.parametrize(
    "fields", [{}, {"record_class": "audit_trail", "years": "1"}, {"record_class": "engagement", "years": "0"}]
)
def test_a_period_that_makes_no_sense_is_refused(signed_in, fields):
    assert signed_in("own").post("/northgate/settings/retention", fields).status_code == 422


def test_a_hold_is_put_seen_and_lifted(app, stand, signed_in, first):
    visitor, path = signed_in("adm"), f"/northgate/engagements/{first['engagement']}/hold"
    assert visitor.post(path, {"reason": ""}).status_code == 422
    assert visitor.post(path, {"reason": "Counsel: a claim of March."}).status_code == 303
    assert "Counsel: a claim of March." in visitor.get("/northgate/settings/retention").text
    assert "Counsel" not in str(verbs(app, stand))
    assert visitor.post(f"{path}/lift").status_code == 303
    assert "Counsel" not in visitor.get(path).text
    assert verbs(app, stand)[:2] == ["engagement.hold_lifted", "engagement.held"]


def test_the_purge_destroys_what_the_page_showed_and_no_more(app, stand, signed_in, first):
    visitor = signed_in("own")
    assert "Mail that was sent" in visitor.get("/northgate/settings/retention").text
    fields = visitor.form("/northgate/settings/retention", "/settings/retention/purge")
    assert visitor.post("/northgate/settings/retention/purge", fields | {"seen": "0" * 64}).status_code == 409
    assert visitor.post("/northgate/settings/retention/purge", fields).status_code == 303
    assert visitor.post("/northgate/settings/retention/purge", fields).status_code == 409
    page = visitor.get("/northgate/settings/retention").text
    assert "Nothing is due today" in page
    assert "Certificates of destruction" in page


def test_an_administrator_sees_what_is_due_and_has_no_button(signed_in):
    page = signed_in("adm").get("/northgate/settings/retention").text
    assert "Only an owner destroys records." in page
    assert "/retention/purge" not in page


def test_an_export_is_made_downloaded_and_noted(app, stand, signed_in, first):
    visitor, path = signed_in("adm"), f"/northgate/clients/{first['client']}/export"
    assert visitor.post(path, {"profile": "everybody"}).status_code == 422
    assert visitor.post(path, {"profile": "consultancy"}).status_code == 303
    answer = visitor.get(f"/northgate/clients/{first['client']}/exports/{first['made']}/file")
    assert answer.headers["Content-Disposition"].startswith("attachment; filename=")
    with ZipFile(io.BytesIO(answer.data)) as archive:
        assert {"manifest.json", "README.txt", "json/client.json"} <= set(archive.namelist())
    assert verbs(app, stand)[:2] == ["export.downloaded", "client.exported"]


def test_an_export_of_one_client_is_not_found_under_another(signed_in, stand, first):
    other = stand.here.employers[1].ids
    path = f"/northgate/clients/{other['client']}/exports/{first['made']}/file"
    assert signed_in("own").get(path).status_code == 404
    whole = f"/northgate/settings/exports/{first['made']}/file"
    assert signed_in("own").get(whole).status_code == 404


def test_an_export_that_lies_here_no_longer_is_not_found(signed_in, stand, files, first):
    for key in files.listing(f"{prefix_of(stand.here.tenant)}exports/"):
        files.delete(key)
    assert signed_in("own").get(f"/northgate/settings/exports/{first['whole_made']}/file").status_code == 404


def test_a_client_is_destroyed_by_who_types_its_code(app, stand, signed_in, first):
    visitor, path = signed_in("own"), f"/northgate/clients/{first['leaving']}/delete"
    good = {"typed": first["leaving_code"], "reason": "The contract ended."}
    assert "No export of this client was ever made" in visitor.get(path).text
    assert visitor.post(path, good | {"typed": "OTHER"}).status_code == 422
    assert visitor.post(path, good | {"reason": ""}).status_code == 422
    assert visitor.post(path, good).status_code == 303
    assert visitor.get(path).status_code == 404
    with entered(app, stand.here.tenant) as session:
        assert session.get(Client, (stand.here.tenant, first["leaving"])) is None
        certificate = session.scalars(sa.select(DeletionCertificate)).one()
        assert (certificate.label, certificate.reason) == (first["leaving_code"], "The contract ended.")


def test_a_client_with_open_work_or_under_a_hold_stays_and_the_page_says_why(app, stand, signed_in, first):
    visitor, path = signed_in("own"), f"/northgate/clients/{first['client']}/delete"
    with entered(app, stand.here.tenant) as session:
        code = session.get(Client, (stand.here.tenant, first["client"])).code
    assert "Still open" in visitor.get(path).text
    answer = visitor.post(path, {"typed": code, "reason": "The contract ended."})
    assert (answer.status_code, "is still open" in answer.text) == (409, True)
    visitor.post(f"/northgate/engagements/{first['engagement']}/hold", {"reason": "A claim."})
    answer = visitor.post(path, {"typed": code, "reason": "The contract ended."})
    assert (answer.status_code, "under a legal hold" in answer.text) == (409, True)


def test_the_consultancy_is_destroyed_by_its_owner_and_nobody_enters_any_more(app, stand, signed_in, files):
    visitor = signed_in("own")
    page = visitor.get("/northgate/settings/data").text
    assert "Made before" in page
    good = {"typed": "Northgate Safety", "reason": "We close."}
    assert visitor.post("/northgate/settings/delete", good | {"typed": "northgate"}).status_code == 422
    assert visitor.post("/northgate/settings/delete", good).status_code == 303
    for word in ("own", "con", "cli"):
        assert signed_in(word).get("/northgate/clients").status_code in (303, 404)
    assert list(files.listing(prefix_of(stand.here.tenant))) == []
    assert list(files.listing(prefix_of(stand.elsewhere.tenant)))
    with entered(app, stand.here.tenant) as session:
        tenant = session.get(Tenant, stand.here.tenant)
        assert (tenant.name, tenant.suspended_at is None) == ("", False)
        assert session.scalars(sa.select(Engagement)).all() == []
    with entered(app, stand.elsewhere.tenant) as session:
        assert session.scalars(sa.select(Engagement)).all()
