"""What is destroyed is gone from every table and from the storage, and only the proof of it stays."""

import json

import pytest
import sqlalchemy as sa

from consultancy.models.client import Client
from consultancy.models.deliverable import Deliverable
from consultancy.models.engagement import Engagement
from consultancy.models.evidence import Evidence
from consultancy.models.retention import DeletionCertificate
from consultancy.privacy import deletion, inventory, sweeping
from consultancy.privacy.export import export_client, export_tenant
from tenants.audit import AuditEntry, broken_link
from tenants.boundary import owned_models
from tenants.database import db
from tenants.files import content_key, prefix_of
from tenants.models import Consent, Membership, SignIn, Tenant
from tenants.platform import PlatformAudit
from tenants.tokens import Token
from tests.factories import MOMENT, make_member, make_person, make_sign_in


def left(kept) -> dict[str, int]:
    """Rows of the consultancy by table, every table of the database that names a tenant included."""
    found = {}
    for table in db.metadata.tables.values():
        if "tenant_id" in table.columns:
            statement = sa.text(f"select count(*) from {table.name} where tenant_id = :tenant")
            found[table.name] = kept.session.execute(statement, {"tenant": kept.tenant}).scalar_one()
    return found


def delete(kept, **changed):
    given = {"typed": kept.client.code, "reason": "The contract ended.", "by": kept.owner.id} | changed
    certificate = deletion.delete_client(kept.client, **given)
    kept.session.commit()
    return certificate


def test_of_a_deleted_client_no_row_is_left_and_of_the_other_every_one(kept):
    before, second = left(kept), inventory.counts(inventory.rows_below(Client, kept.second[Client]))
    certificate = delete(kept)
    deletion.remove_files(certificate, kept.files)
    for model, ids in kept.first.items():
        assert (model, kept.session.scalar(sa.select(sa.func.count()).where(model.id.in_(ids)))) == (model, 0)
    assert inventory.counts(inventory.rows_below(Client, kept.second[Client])) == second
    gone = {name: before[name] - count for name, count in left(kept).items() if before[name] > count}
    assert gone == {name: count for name, count in certificate.counts.items() if name != "files"}
    assert set(gone) >= {"client", "rating", "observation", "comment", "consent", "membership", "deliverable"}


def test_what_a_process_that_died_left_behind_is_swept_and_nothing_else(kept):
    """The rows are gone, the files were not removed yet; and an export is past its days."""
    delete(kept)
    export = export_tenant(files=kept.files, by=kept.owner.id)
    kept.session.commit()
    assert kept.keys[0] <= set(kept.files.listing(prefix_of(kept.tenant)))
    for _again in range(2):
        sweeping.sweep(kept.files)
        assert set(kept.files.listing(prefix_of(kept.tenant))) == kept.keys[1] | {export}


def test_the_files_of_a_deleted_client_are_gone_and_the_others_lie_where_they_lay(kept):
    whole, own = (
        export_tenant(files=kept.files, by=kept.owner.id),
        export_client(kept.client, profile="client", files=kept.files, by=kept.owner.id),
    )
    other = export_client(
        kept.session.get(Client, (kept.tenant, kept.second[Client][0])),
        profile="consultancy", files=kept.files, by=kept.owner.id,
    )  # fmt: skip
    kept.session.commit()
    certificate = delete(kept)
    assert set(certificate.files_sha256) == kept.keys[0] | {whole, own}
    assert all(sha256 in key for key, sha256 in certificate.files_sha256.items())
    for _again in range(2):
        deletion.remove_files(certificate, kept.files)
        assert set(kept.files.listing(prefix_of(kept.tenant))) == kept.keys[1] | {other}


def test_a_file_that_another_clients_row_names_stays(kept):
    shared = kept.session.get(Deliverable, (kept.tenant, kept.second[Deliverable][0]))
    mine = kept.session.get(Deliverable, (kept.tenant, kept.first[Deliverable][0]))
    shared.file_key = mine.file_key
    kept.session.commit()
    key = shared.file_key
    deletion.remove_files(delete(kept), kept.files)
    assert kept.files.get(key)


def test_the_pictures_made_of_evidence_go_with_it(kept):
    pieces = [kept.session.get(Evidence, (kept.tenant, ids[Evidence][0])) for ids in (kept.first, kept.second)]
    for piece in pieces:
        content = f"the thumbnail of {piece.id}".encode()
        piece.small_file_key = content_key(kept.tenant, "evidence", content, "jpg")
        kept.files.put(piece.small_file_key, content)
    kept.session.commit()
    keys = [piece.small_file_key for piece in pieces]
    deletion.remove_files(delete(kept), kept.files)
    assert [kept.files.path(key).exists() for key in keys] == [False, True]


def test_a_certificate_says_what_happened_and_nothing_of_the_content(kept):
    certificate = delete(kept)
    found = kept.session.scalars(sa.select(DeletionCertificate).where(DeletionCertificate.id == certificate.id)).one()
    assert (found.subject, found.subject_id, found.by_id) == ("client", kept.first[Client][0], kept.owner.id)
    assert found.counts["files"] == len(found.files_sha256) == 6
    assert "canary" not in json.dumps([found.label, found.counts, found.files_sha256])
    assert broken_link() is None


@pytest.mark.parametrize("typed", ["", "TOLMIE", "*"])
def test_a_client_is_deleted_only_by_who_types_its_code(kept, typed):
    with pytest.raises(deletion.NotTheName):
        delete(kept, typed=typed)


def test_a_held_client_is_not_deleted(kept):
    kept.session.get(Engagement, (kept.tenant, kept.first[Engagement][0])).legal_hold = "Counsel, 2026-03-02: a claim."
    with pytest.raises(deletion.UnderLegalHold):
        delete(kept)


def test_a_client_with_an_open_engagement_is_not_deleted(kept):
    kept.session.get(Engagement, (kept.tenant, kept.first[Engagement][1])).closed_on = None
    with pytest.raises(deletion.StillOpen):
        delete(kept)


def test_a_client_whose_document_is_being_written_is_not_deleted(kept):
    row = kept.session.get(Deliverable, (kept.tenant, kept.first[Deliverable][0]))
    row.production, row.sha256 = "writing", None
    with pytest.raises(deletion.StillWriting):
        delete(kept)


def test_client_users_without_another_consultancy_are_signed_out_for_good(kept):
    mine = make_sign_in(person=person_of(kept.user))
    staying = make_person()
    make_member(person=staying)
    theirs = make_sign_in(person=staying)
    kept.session.add(
        Token(purpose="reset", token_sha256=b"1", person_id=kept.user.person_id, email="x", expires_at=MOMENT)
    )
    kept.session.commit()
    delete(kept)
    assert kept.session.get(SignIn, mine.id).revoked_at is not None
    assert kept.session.get(SignIn, theirs.id).revoked_at is None
    assert kept.session.scalar(sa.select(sa.func.count(Token.id))) == 0


def person_of(member: Membership):
    return type("Person", (), {"id": member.person_id})


def test_of_a_deleted_consultancy_only_its_trail_and_its_certificates_stay(kept):
    tenant = kept.session.get(Tenant, kept.tenant)
    signed_in = make_sign_in(person=person_of(kept.owner))
    invitation = Token(purpose="invitation", token_sha256=b"2", tenant_id=kept.tenant, email="x", expires_at=MOMENT)
    kept.session.add(invitation)
    kept.session.commit()
    person = kept.owner.person_id
    deletion.delete_tenant(
        tenant, typed=tenant.name, reason="We close.", by=kept.owner.id, by_person=person, files=kept.files
    )
    kept.session.commit()
    assert deletion.remove_all_files(kept.tenant, kept.files) == 12
    assert {name for name, count in left(kept).items() if count} == {*inventory.SURVIVES, "platform_audit"}
    assert list(kept.files.listing(prefix_of(kept.tenant))) == []
    tenant = kept.session.get(Tenant, kept.tenant)
    assert (tenant.name, tenant.legal_name, tenant.email, tenant.phone, tenant.address) == ("",) * 5
    assert tenant.suspended_at is not None
    assert tenant.slug.startswith("gone-")
    assert kept.session.get(SignIn, signed_in.id).revoked_at is not None
    told = kept.session.scalars(sa.select(PlatformAudit)).one()
    assert (told.verb, told.by_person_id, told.tenant_id) == ("tenant.deleted", person, kept.tenant)
    assert broken_link() is None


def test_what_stays_of_a_consultancy_names_nobody(kept):
    kept.session.commit()
    tenant = kept.session.get(Tenant, kept.tenant)
    deletion.delete_tenant(
        tenant,
        typed=tenant.name,
        reason="We close.",
        by=kept.owner.id,
        by_person=kept.owner.person_id,
        files=kept.files,
    )
    kept.session.commit()
    entries = kept.session.scalars(sa.select(AuditEntry)).all()
    assert "canary" not in json.dumps([[entry.verb, entry.subject, entry.details] for entry in entries])


def test_a_consultancy_is_deleted_only_by_who_types_its_name_and_never_under_a_hold(kept):
    tenant = kept.session.get(Tenant, kept.tenant)
    given = {"reason": "", "by": kept.owner.id, "by_person": kept.owner.person_id, "files": kept.files}
    with pytest.raises(deletion.NotTheName):
        deletion.delete_tenant(tenant, typed="northgate", **given)
    kept.session.get(Engagement, (kept.tenant, kept.second[Engagement][0])).legal_hold = "An inspection."
    with pytest.raises(deletion.UnderLegalHold):
        deletion.delete_tenant(tenant, typed=tenant.name, **given)


def test_every_table_of_a_consultancy_goes_with_a_client_or_with_the_office():
    clients = {model.__tablename__ for model in inventory.of_client()}
    assert clients | set(inventory.OF_THE_OFFICE) | {"membership"} == set(owned_models())
    assert clients & set(inventory.OF_THE_OFFICE) == set()
    assert "membership" in clients  # that of a client user; the others are the office's
    outside = {table.name for table in db.metadata.tables.values() if "tenant_id" in table.columns} - set(
        owned_models()
    )
    assert outside == {Consent.__tablename__, Token.__tablename__, PlatformAudit.__tablename__}
