"""Two languages on the pages: asked for on one form, told apart in lists, in the portal and in file names."""

import pytest
import sqlalchemy as sa

from consultancy.models.deliverable import Deliverable
from tests.blueprints.test_portal import stand_as
from tests.factories import entered


@pytest.fixture
def form(stand):
    return f"/northgate/engagements/{stand.here.employers[0].ids['engagement']}/deliverables"


def test_both_languages_are_asked_for_on_one_form_and_stand_in_the_list(app, stand, consultant, form):
    assert "English and French, two files" in consultant.get(form).text
    wanted = {"kind": "gap_report", "language": "both", "request_key": "a-key-of-this-form"}
    for _again in range(2):
        answer = consultant.post(form, wanted)
        assert (answer.status_code, answer.location.endswith(form)) == (303, True)
    page = consultant.get(form).text
    assert "Each is reviewed and released on its own" in page
    assert "Rapport d’analyse des écarts" in page
    with entered(app, stand.here.tenant) as session:
        rows = session.scalars(sa.select(Deliverable).where(Deliverable.request_key == "a-key-of-this-form")).all()
        assert sorted(one.language for one in rows) == ["en", "fr"]
        assert len({(one.number, one.version) for one in rows}) == 1


def test_an_edition_in_the_other_language_is_no_newer_version(app, stand, consultant, form):
    consultant.post(form, {"kind": "gap_report", "language": "both", "request_key": "a-key-of-this-form"})
    with entered(app, stand.here.tenant) as session:
        asked = sa.select(Deliverable.id).where(Deliverable.request_key == "a-key-of-this-form")
        editions = session.scalars(asked).all()
    for one in editions:
        assert "There is a newer version" not in consultant.get(f"/northgate/deliverables/{one}").text
    consultant.post(form, {"kind": "gap_report", "language": "en", "request_key": "the-key-of-another"})
    said = ["There is a newer version" in consultant.get(f"/northgate/deliverables/{one}").text for one in editions]
    assert sorted(said) == [False, True]


def test_one_language_leads_to_its_page(consultant, form):
    answer = consultant.post(form, {"kind": "gap_report", "language": "fr", "request_key": "a-key-of-this-form"})
    assert "· French" in consultant.get(answer.location).text


def test_a_language_nobody_offers_is_refused(consultant, form):
    wanted = {"kind": "gap_report", "language": "de", "request_key": "a-key-of-this-form"}
    assert consultant.post(form, wanted).status_code == 422


def test_the_portal_tells_the_languages_apart_and_so_do_the_files(app, stand, signed_in):
    released = stand.here.employers[0].ids["released"]
    stand_as(app, stand, released, language="fr")
    coordinator = signed_in("cli")
    assert "· French ·" in coordinator.get("/northgate/portal").text
    answer = coordinator.get(f"/northgate/portal/deliverables/{released}/file")
    assert "-FR.docx" in answer.headers["Content-Disposition"]


def test_the_page_of_what_is_missing_says_which_language_the_notes_are_in(consultant, form):
    page = consultant.get(f"{form}/problems/gap_report").text
    assert "Notes are in English. A document in French prints them as they stand" in page


def test_a_bulk_request_is_for_one_language_for_both_or_for_each_engagements_own(consultant, stand):
    new = "/northgate/deliverables/bulk/gap_report/new"
    page = consultant.get(new).text
    for words in ("English and French, two files", "The language of each engagement"):
        assert words in page
    chosen = str(stand.here.employers[0].ids["engagement"])
    for place, language in enumerate(("both", "", "fr")):
        key = f"a-key-of-this-form-{place}"
        fields = {"engagements": chosen, "language": language, "when": "now", "request_key": key}
        assert consultant.post(new, fields).status_code == 303
