"""What is carried out is complete, can be checked, and shows the employer no more than it should."""

import csv
import hashlib
import io
import json
from zipfile import ZipFile

import pytest
import sqlalchemy as sa

from consultancy.models.assessment import Observation, RatingChange
from consultancy.models.client import Contact
from consultancy.models.deliverable import Deliverable
from consultancy.models.document_event import DocumentEvent
from consultancy.models.evidence import Evidence
from consultancy.models.interview import Interview, InterviewAnswer
from consultancy.models.training import Worker
from consultancy.privacy import export, exports
from consultancy.privacy.spreadsheets import FORMULA_BEGINS, harmless
from tenants.boundary import owned_models
from tests.factories import make_client, make_observation


def opened(kept, key: str) -> ZipFile:
    return ZipFile(io.BytesIO(kept.files.get(key)))


def of_client(kept, profile: str = "consultancy") -> ZipFile:
    kept.session.commit()
    return opened(kept, export.export_client(kept.client, profile=profile, files=kept.files, by=kept.owner.id))


def rows(archive_: ZipFile, table: str) -> list[dict]:
    return json.loads(archive_.read(f"json/{table}.json"))


def sheet(archive_: ZipFile, table: str) -> list[list[str]]:
    return list(csv.reader(io.StringIO(archive_.read(f"csv/{table}.csv").decode("utf-8-sig"))))


def test_an_export_of_a_client_holds_every_row_of_it_and_no_other(kept):
    found = of_client(kept)
    for model, ids in kept.first.items():
        assert {row["id"] for row in rows(found, model.__tablename__)} == {str(key) for key in ids}
        assert len(sheet(found, model.__tablename__)) == len(ids) + 1
    assert {row["engagement_id"] for row in rows(found, "consent")} == {row["id"] for row in rows(found, "engagement")}


def test_an_export_of_the_consultancy_holds_every_row_of_every_table(kept):
    kept.session.commit()
    found = opened(kept, export.export_tenant(files=kept.files, by=kept.owner.id))
    counts = json.loads(found.read("manifest.json"))["rows"]
    assert set(counts) == {*owned_models(), "consent"}
    for name, model in owned_models().items():
        count = kept.session.scalar(sa.select(sa.func.count()).select_from(model))
        assert (name, counts[name], len(rows(found, name))) == (name, count, count)
    assert all("body" not in row for row in rows(found, "message"))


def test_the_manifest_lists_every_entry_with_its_digest(kept):
    found = of_client(kept)
    manifest = json.loads(found.read("manifest.json"))
    assert set(manifest["entries"]) == set(found.namelist()) - {"manifest.json"}
    for name, entry in manifest["entries"].items():
        content = found.read(name)
        assert (name, entry) == (name, {"sha256": hashlib.sha256(content).hexdigest(), "bytes": len(content)})
    assert manifest["missing"] == []


def test_the_files_themselves_are_in_it(kept):
    found = of_client(kept)
    contents = {found.read(name) for name in found.namelist() if name.startswith("files/")}
    assert contents == {kept.files.get(key) for key in kept.keys[0]}


def test_a_file_that_is_lost_is_named_and_does_not_stop_the_export(kept):
    lost = sorted(kept.keys[0])[0]
    kept.files.delete(lost)
    assert json.loads(of_client(kept).read("manifest.json"))["missing"] == [lost]


def test_no_text_of_a_spreadsheet_begins_like_a_formula(kept):
    kept.client.note = '=HYPERLINK("http://e","x")'
    head, row = sheet(of_client(kept), "client")
    assert row[head.index("note")] == "'" + '=HYPERLINK("http://e","x")'
    assert rows(of_client(kept), "client")[0]["note"] == '=HYPERLINK("http://e","x")'


@pytest.mark.parametrize("first", FORMULA_BEGINS)
def test_a_text_that_a_spreadsheet_would_compute_is_made_harmless(first):
    assert harmless(f"{first}1+1") == f"'{first}1+1"
    assert harmless("1+1") == "1+1"
    assert harmless(-1) == -1


class TestForTheEmployer:
    @pytest.fixture
    def told(self, kept):
        contact = kept.session.get(Contact, (kept.tenant, kept.first[Contact][0]))
        contact.name = "Marie Tremblay"
        kept.owner.name = "Dana Okafor"
        note = kept.session.get(Observation, (kept.tenant, kept.first[Observation][0]))
        note.text = "marie said to Okafor that the guard was off. Mariette agreed."
        change = kept.session.get(RatingChange, (kept.tenant, kept.first[RatingChange][0]))
        change.field, change.after = "observation", "Marie said so."
        kept.session.flush()
        return of_client(kept, "client")

    def test_a_note_of_an_interview_has_no_author_and_names_nobody_on_record(self, told):
        (note,) = rows(told, "observation")
        assert note["by_id"] is None
        assert note["text"] == "[name removed] said to [name removed] that the guard was off. Mariette agreed."
        (change,) = rows(told, "rating_change")
        assert (change["before"], change["after"], change["by_id"]) == ("", "", None)

    def test_workers_of_the_training_list_and_of_an_acknowledgement_are_on_record_too(self, kept):
        kept.session.get(Worker, (kept.tenant, kept.first[Worker][0])).name = "Amadou Diallo"
        event = kept.session.get(DocumentEvent, (kept.tenant, kept.first[DocumentEvent][0]))
        event.names = "Bo Lindqvist\nChantal Roy"
        note = kept.session.get(Observation, (kept.tenant, kept.first[Observation][0]))
        note.text = "Diallo and Lindqvist were never shown; chantal roy was."
        kept.session.flush()
        (note,) = rows(of_client(kept, "client"), "observation")
        assert note["text"] == "[name removed] and [name removed] were never shown; [name removed] was."

    def test_another_note_keeps_its_author(self, kept):
        rating = kept.session.get(Observation, (kept.tenant, kept.first[Observation][0])).rating
        seen = make_observation(rating=rating, by=kept.owner, method="document")
        found = {row["id"]: row for row in rows(of_client(kept, "client"), "observation")}
        assert found[str(seen.id)]["by_id"] == str(kept.owner.id)

    @pytest.mark.parametrize(
        ("columns", "goes"),
        [
            ({"source": "record"}, True), ({"source": "interview"}, False), ({"state": "quarantined"}, False),
            ({"state": "infected"}, False),
        ],
    )  # fmt: skip
    def test_evidence_goes_along_unless_it_is_an_interview_or_nobody_may_open_it(self, kept, columns, goes):
        piece = kept.session.get(Evidence, (kept.tenant, kept.first[Evidence][0]))
        for name, value in columns.items():
            setattr(piece, name, value)
        title, content = piece.title, kept.files.get(piece.file_key)
        found = of_client(kept, "client")
        files = {found.read(name) for name in found.namelist() if name.startswith("files/")}
        assert (content in files) == goes
        (row,) = rows(found, "evidence")
        assert (row["title"] == title) == (piece.source != "interview")
        assert row["uploaded_by_id"] is None

    def test_no_row_is_missing_but_the_sheets_of_interviews(self, kept, told):
        """A role, a workplace, a shift and a day are a person at most workplaces."""
        for model, ids in kept.first.items():
            if model in (Interview, InterviewAnswer):
                assert not [name for name in told.namelist() if model.__tablename__ in name]
                continue
            assert (model, len(rows(told, model.__tablename__))) == (model, len(ids))

    def test_only_released_documents_go_along_and_no_checklist_as_it_was_typed(self, kept, told):
        names = [name for name in told.namelist() if name.startswith("files/")]
        released = kept.session.get(Deliverable, (kept.tenant, kept.first[Deliverable][1]))
        piece = kept.session.get(Evidence, (kept.tenant, kept.first[Evidence][0]))
        wanted = {kept.files.get(released.file_key), kept.files.get(piece.file_key)}
        assert {told.read(name) for name in names} == wanted
        assert [row["reading"] for row in rows(told, "checklist_import")] == [{}]
        assert {json.dumps(row["snapshot"]) for row in rows(told, "deliverable")} == {"{}"}
        assert {row["check_report"] for row in rows(told, "deliverable")} == {None}  # it may speak of other clients
        assert [row["note"] for row in rows(told, "client")] == [""]

    def test_the_read_me_says_what_was_left_out(self, kept, told):
        assert "Left out" in told.read("README.txt").decode()
        assert "Left out" not in of_client(kept).read("README.txt").decode()


def test_an_export_is_noted_with_where_it_lies_and_found_again(kept):
    kept.session.commit()
    key = export.export_client(kept.client, profile="client", files=kept.files, by=kept.owner.id)
    kept.session.commit()
    (made,) = exports.made(kept.client.id)
    assert (made.key, made.by_name, made.lies_there) == (key, kept.owner.name, True)
    assert (made.entry.verb, made.entry.subject_id) == ("client.exported", kept.client.id)
    assert exports.find(made.entry.id).key == key
    assert exports.find_whole(made.entry.id) is None
    assert exports.made() == []


def test_there_is_no_third_kind_of_export(kept):
    with pytest.raises(export.UnknownProfile):
        export.export_client(kept.client, profile="everybody", files=kept.files, by=kept.owner.id)


def test_a_client_without_anything_is_exported_too(kept):
    client = make_client()
    kept.session.commit()
    found = opened(kept, export.export_client(client, profile="consultancy", files=kept.files, by=kept.owner.id))
    assert len(rows(found, "client")) == 1
    assert rows(found, "engagement") == []
    assert set(json.loads(found.read("manifest.json"))["rows"].values()) == {0, 1}
