"""The consultancy's own templates: versions, defaults, retirement, and what a document is written with."""

from types import SimpleNamespace

import pytest
import sqlalchemy as sa

from consultancy.actions import brand, deliverables, document_templates
from consultancy.actions.brand import LookChangedMeanwhile, NotAColour, NotAFont, TooPale
from consultancy.actions.deliverables import OtherRequest
from consultancy.actions.document_templates import (
    STARTER,
    AlreadyVersion,
    NoSuchTemplate,
    NotInUse,
    TemplateOfOtherKind,
    TemplateRetired,
)
from consultancy.models.engagement import Engagement
from consultancy.queries import brand as looks
from consultancy.queries import document_templates as queries
from consultancy.reports import UnknownKind
from document_templates import library
from document_templates.branding import render_branded
from document_templates.child import Child
from document_templates.library import TemplateGone
from document_templates.linting import UnknownPlaceholders
from tenants.audit import AuditEntry
from tenants.files import Folder
from tests.consultancy.actions.test_deliverables import TODAY
from tests.document_templates.word_files import parts, picture, template, texts
from tests.factories import entered, found_tenant, make_client, make_member
from tests.workers.documents import rated_engagement

LOOK = {"primary": "#7a1e4c", "accent": "8A4B00", "heading_font": "Georgia", "body_font": "Verdana"}


@pytest.fixture
def shelf(database_app, tmp_path):
    """A consultancy with a rated gap analysis; `add`, `request` and `manuscript` as its members and its queue do."""
    tenant, files = found_tenant(database_app, slug="northgate"), Folder(tmp_path / "files")
    with entered(database_app, tenant) as session:
        lead = make_member()
        engagement = session.get_one(Engagement, (tenant, rated_engagement(make_client(), lead)))
        by = lead.id

        def add(content, name="House style", kind="gap_report", language="en"):
            return document_templates.add_template(
                kind=kind, language=language, name=name, file_name="house.docx", content=content, files=files, by=by
            )

        def request(key="k" * 20, **changed):
            wanted = {"kind": "gap_report", "language": "en", "request_key": key, "by": by, "today": TODAY} | changed
            return deliverables.request_deliverable(engagement, **wanted)

        def manuscript(row):
            session.flush()
            row.production, row.fence = "writing", 1
            session.flush()
            return deliverables.manuscript(deliverables.Claim(tenant, row.id, 1), files=files)

        yield SimpleNamespace(
            session=session, files=files, by=by, add=add, request=request, manuscript=manuscript, tenant=tenant
        )


def ours(words):
    return template(words, "Written for {{ client.name }}.")


def test_the_first_template_of_its_kind_and_language_is_the_default(shelf):
    first, second = shelf.add(ours("one")), shelf.add(ours("two"), name="Letter")
    other = shelf.add(ours("one"), kind="policy")
    assert [one.is_default for one in (first, second, other)] == [True, False, True]
    document_templates.make_default(second, by=shelf.by)
    assert [first.is_default, second.is_default] == [False, True]
    assert queries.default("gap_report", "en") is second


def test_a_version_never_changes_and_the_same_file_is_told_which_version_it_is(shelf):
    template_row = shelf.add(ours("one"))
    again = {"file_name": "house.docx", "files": shelf.files, "by": shelf.by}
    second = document_templates.add_version(template_row, content=ours("two"), **again)
    document_templates.add_version(template_row, content=ours("three"), **again)
    with pytest.raises(AlreadyVersion) as told:
        document_templates.add_version(template_row, content=shelf.files.get(second.file_key), **again)
    assert told.value.args == (2,)
    assert [one.number for one in queries.versions(template_row)] == [3, 2, 1]
    assert second.report["known"] == ["client.name"]


def test_nothing_is_kept_of_a_template_that_cannot_be_filled(shelf):
    with pytest.raises(UnknownPlaceholders):
        shelf.add(template("{{ cleint.name }}"))
    with pytest.raises(UnknownKind):
        shelf.add(ours("one"), kind="sonnet")
    assert queries.shelf() == []
    assert list(shelf.files.listing(f"t/{shelf.tenant}/")) == []


def test_a_document_is_written_with_the_default_unless_another_is_chosen(shelf):
    starter = shelf.request("a" * 20)
    house, letter = shelf.add(ours("house")), shelf.add(ours("letter"), name="Letter")
    by_default, chosen = shelf.request("b" * 20), shelf.request("c" * 20, template=str(letter.id))
    back = shelf.request("d" * 20, template=STARTER)
    assert [one.template for one in (starter, by_default, chosen, back)] == [
        "gap_report", house.name, "Letter", "gap_report",
    ]  # fmt: skip
    assert chosen.template_sha256 == queries.newest(letter).sha256
    assert texts_of(shelf, chosen)[0] == "letter"
    assert back.document_template_version_id is None


def test_the_same_form_sent_with_another_template_is_not_the_same_request(shelf):
    house = shelf.add(ours("house"))
    first = shelf.request(template=str(house.id))
    assert shelf.request(template=str(house.id)) is first
    with pytest.raises(OtherRequest):
        shelf.request(template=STARTER)


def test_a_newer_version_changes_no_document_that_was_requested_before(shelf):
    house = shelf.add(ours("old"))
    before = shelf.request("a" * 20)
    document_templates.add_version(house, file_name="house.docx", content=ours("new"), files=shelf.files, by=shelf.by)
    after = shelf.request("b" * 20)
    assert [texts_of(shelf, one)[0] for one in (before, after)] == ["old", "new"]


def test_a_file_that_is_not_what_was_chosen_writes_nothing(shelf):
    house = shelf.add(ours("old"))
    row = shelf.request()
    shelf.files.path(queries.newest(house).file_key).write_bytes(ours("exchanged"))
    with pytest.raises(TemplateGone) as told:
        shelf.manuscript(row)
    assert "House style" in told.value.sentence


def test_a_retired_template_writes_nothing_new_and_its_place_goes_back_to_our_starter(shelf):
    house = shelf.add(ours("old"))
    requested = shelf.request("a" * 20)
    document_templates.retire(house, by=shelf.by)
    with pytest.raises(TemplateRetired):
        shelf.request("b" * 20, template=str(house.id))
    with pytest.raises(TemplateRetired):
        document_templates.add_version(
            house, file_name="house.docx", content=ours("new"), files=shelf.files, by=shelf.by
        )
    for verb in (document_templates.retire, document_templates.make_default):
        with pytest.raises(NotInUse):
            verb(house, by=shelf.by)
    assert shelf.request("c" * 20).template == "gap_report"
    assert texts_of(shelf, requested)[0] == "old"


def test_a_template_fits_one_kind_and_one_language(shelf):
    policy, french = shelf.add(ours("one"), kind="policy"), shelf.add(ours("one"), language="fr", name="Maison")
    for choice in (policy, french):
        with pytest.raises(TemplateOfOtherKind):
            shelf.request(template=str(choice.id))
    for choice in ("0" * 8, "11111111-1111-4111-8111-111111111111"):
        with pytest.raises(NoSuchTemplate):
            shelf.request(template=choice)


def test_another_consultancys_template_is_no_template(shelf, database_app):
    theirs = shelf.add(ours("theirs"))
    key, version = str(theirs.id), queries.newest(theirs).id
    elsewhere = found_tenant_after(shelf, database_app)
    with entered(database_app, elsewhere):
        assert (queries.find(theirs.id), queries.find_version(version), queries.shelf()) == (None, None, [])
        with pytest.raises(NoSuchTemplate):
            document_templates.chosen(key, kind="gap_report", language="en")


def test_the_trail_tells_who_changed_the_shelf(shelf):
    house = shelf.add(ours("one"))
    document_templates.retire(house, by=shelf.by)
    brand.choose(**LOOK, logo=None, revision=0, files=shelf.files, by=shelf.by)
    shelf.session.commit()
    entries = shelf.session.scalars(sa.select(AuditEntry).order_by(AuditEntry.number)).all()
    told = {entry.verb for entry in entries if entry.by_id == shelf.by}
    assert {"document_template.uploaded", "document_template.retired", "brand.chosen"} <= told


def test_a_document_wears_the_look_of_the_day_it_was_requested(shelf):
    bare = shelf.request("a" * 20)
    brand.choose(**LOOK, logo=picture(), revision=0, files=shelf.files, by=shelf.by)
    worn = shelf.request("b" * 20)
    brand.choose(**LOOK | {"primary": "123456"}, logo=b"", revision=1, files=shelf.files, by=shelf.by)
    assert [bare.brand, worn.brand["primary"], looks.brand().file_key] == [{}, "7A1E4C", None]
    first, again = written(shelf, worn), written(shelf, worn)
    assert first == again
    assert "word/media/firm-logo.png" in parts(first)
    assert b"7A1E4C" in parts(first)["word/theme/theme1.xml"]
    assert "word/media/firm-logo.png" not in parts(written(shelf, bare))


def test_a_pale_colour_is_refused_with_the_nearest_that_can_be_read(shelf):
    kept = {"logo": None, "revision": 0, "files": shelf.files, "by": shelf.by}
    with pytest.raises(TooPale) as told:
        brand.choose(**LOOK | {"accent": "#F0C020"}, **kept)
    assert told.value.args == ("F0C020", "907313")
    with pytest.raises(NotAColour):
        brand.choose(**LOOK | {"accent": "blue"}, **kept)
    with pytest.raises(NotAFont):
        brand.choose(**LOOK | {"body_font": "Comic Sans MS"}, **kept)
    assert looks.brand() is None


def test_a_look_that_somebody_changed_meanwhile_is_not_overwritten(shelf):
    kept = {"logo": None, "files": shelf.files, "by": shelf.by}
    brand.choose(**LOOK, revision=0, **kept)
    with pytest.raises(LookChangedMeanwhile):
        brand.choose(**LOOK | {"primary": "123456"}, revision=0, **kept)


def found_tenant_after(shelf, app):
    shelf.session.commit()
    return found_tenant(app, slug="lakeshore")


def texts_of(shelf, row):
    return texts(written(shelf, row))


def written(shelf, row):
    manuscript = shelf.manuscript(row)
    with Child() as child:
        return child(render_branded, manuscript.template, manuscript.fields, manuscript.look)


def test_our_starter_is_read_from_what_we_ship(shelf):
    assert shelf.manuscript(shelf.request()).template == library.starter("gap_report").content
