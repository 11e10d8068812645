"""What changed is told in words and as tracked changes, and an edited copy becomes the next version."""

import re
from io import BytesIO
from zipfile import ZipFile

import pytest
import sqlalchemy as sa

from consultancy.models.client import Client
from consultancy.models.deliverable import Deliverable
from tenants.models import Tenant
from tests.blueprints.papers import paper
from tests.factories import entered, make_client


def page(stand, word="newer"):
    return f"/northgate/deliverables/{stand.here.employers[0].ids[word]}"


def send(visitor, stand, content, name="edited.docx"):
    return visitor.post(f"{page(stand)}/edited", {"file": (BytesIO(content), name)})


def versions(app, stand):
    number = stand.here.employers[0].ids["number"]
    with entered(app, stand.here.tenant) as session:
        rows = session.execute(
            sa.select(Deliverable.version, Deliverable.production, Deliverable.standing)
            .where(Deliverable.number == number)
            .order_by(Deliverable.requested_at)
        )
        return [tuple(row) for row in rows]


def test_the_changes_since_what_the_client_has_are_told_in_words(stand, signed_in):
    shown = signed_in("con").get(f"{page(stand)}/changes")
    assert shown.status_code == 200
    assert "Walk weekly." in shown.text
    assert "Walk daily." in shown.text
    assert "What changed since v1.0" in signed_in("con").get(page(stand)).text


def test_the_redline_is_a_word_file_with_both_texts_marked(stand, signed_in):
    answer = signed_in("con").get(f"{page(stand)}/redline")
    assert "v1.0 - v2.0-EN.docx" in answer.headers["Content-Disposition"]
    body = ZipFile(BytesIO(answer.data)).read("word/document.xml").decode()
    assert "<w:delText" in body
    assert "<w:ins " in body


def test_the_first_version_has_nothing_to_be_compared_with(stand, signed_in):
    assert signed_in("con").get(f"{page(stand, 'older')}/changes").status_code == 404
    assert signed_in("con").get(f"{page(stand, 'queued')}/redline").status_code == 409


def test_an_edited_copy_becomes_the_next_version_and_is_never_taken_twice(app, stand, signed_in):
    number = stand.here.employers[0].ids["number"]
    content = paper(number, "Walk every day, with the supervisor.")
    assert send(signed_in("con"), stand, content).status_code == 303
    assert versions(app, stand)[-1] == ("2.1", "ready", "draft")
    again = send(signed_in("con"), stand, content)
    assert again.status_code == 422
    assert "This very file is version 2.1 already." in again.text
    assert len(versions(app, stand)) == 3


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (lambda number: paper("OTHER-POL-2026-07", "Walk."), "The file belongs to OTHER-POL-2026-07"),
        (lambda number: paper(number, "Written for {{ client.name }}."), "{{ client.name }}"),
        (lambda number: b"PK\x03\x04 not a document", "file"),
        (lambda number: b"", "empty"),
    ],
    ids=["another document", "a template", "no document", "nothing"],
)
def test_what_is_no_edited_copy_of_this_document_is_refused_in_words(app, stand, signed_in, content, said):
    before = versions(app, stand)
    refused = send(signed_in("con"), stand, content(stand.here.employers[0].ids["number"]))
    assert refused.status_code == 422
    assert said in refused.text
    assert versions(app, stand) == before


def test_a_copy_that_shows_its_editing_is_refused(stand, signed_in):
    redlined = signed_in("con").get(f"{page(stand)}/redline").data
    refused = send(signed_in("con"), stand, redlined)
    assert refused.status_code == 422
    assert "still shows its editing" in refused.text


def test_an_edited_copy_with_a_picture_that_says_nothing_shows_it_on_the_page(app, stand, signed_in):
    content = paper(stand.here.employers[0].ids["number"], "Walk every day.", picture_under="The walk")
    kept = send(signed_in("con"), stand, content)
    assert kept.status_code == 303
    text = signed_in("con").get(kept.location).text
    assert "What the check found" in text
    assert "has no alternative text for those who do not see it. <span class=\"quiet\">Under “The walk”.</span>" in text
    assert "Nothing found" not in text
    assert signed_in("con").post(f"{kept.location}/submit").status_code == 303
    reviewed = signed_in("own").get(kept.location).text  # who approves reads it above the button
    assert 0 < reviewed.index("has no alternative text") < reviewed.index(f"{kept.location}/approve")


def test_an_edited_copy_without_a_fault_says_that_nothing_was_found(stand, signed_in):
    content = paper(stand.here.employers[0].ids["number"], "Walk every day.")
    kept = send(signed_in("con"), stand, content)
    assert re.search(r"Nothing found in \d\d checks\.", signed_in("con").get(kept.location).text)


class TestTheNameOfAnotherClient:
    """It is found in a file, told to who may know of that client, and goes when the client goes."""

    @pytest.fixture
    def kept(self, app, stand, signed_in):
        with entered(app, stand.here.tenant):
            self.other = make_client(legal_name="Fonderie Saint-Ours inc.", trade_name="").id
        content = paper(stand.here.employers[0].ids["number"], "Walk as at Fonderie Saint-Ours inc.")
        return send(signed_in("con"), stand, content).location

    def test_is_told_to_the_office_and_kept_by_id(self, app, stand, signed_in, kept):
        assert "another client stands in it: “Fonderie Saint-Ours inc.”" in signed_in("own").get(kept).text
        with entered(app, stand.here.tenant) as session:
            edited = Deliverable.edited_from_id.is_not(None)
            reports = session.scalars(sa.select(Deliverable.check_report).where(edited))
            assert [str(self.other)] == [
                where for report in reports for about, where, _under in report["problems"] if about == "name"
            ]

    def test_is_not_told_to_a_restricted_consultant_who_guesses(self, app, stand, signed_in, kept):
        with entered(app, stand.here.tenant) as session:
            session.get_one(Tenant, stand.here.tenant).restrict_consultants = True
        text = signed_in("con").get(kept).text
        assert "What the check found" in text
        assert "another client" not in text

    def test_goes_when_the_client_goes(self, app, stand, signed_in, kept):
        with entered(app, stand.here.tenant) as session:
            session.delete(session.get_one(Client, (stand.here.tenant, self.other)))
        text = signed_in("own").get(kept).text
        assert "Fonderie" not in text
        assert "another client stood in it, who is gone since" in text


def test_a_document_that_nobody_checked_is_checked_when_somebody_asks(app, stand, signed_in):
    kept = send(signed_in("con"), stand, paper(stand.here.employers[0].ids["number"], "Walk every day.")).location
    with entered(app, stand.here.tenant) as session:
        session.execute(sa.update(Deliverable).values(check_report=None))
    before = signed_in("con").get(kept).text
    assert "It has not been checked." in before
    assert f'action="{kept}/check"' in before
    assert signed_in("con").post(f"{kept}/check").status_code == 303
    assert re.search(r"Nothing found in \d\d checks\.", signed_in("con").get(kept).text)
