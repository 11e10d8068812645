"""What changed is told in words and as tracked changes, and an edited copy becomes the next version."""

from io import BytesIO
from zipfile import ZipFile

import pytest
import sqlalchemy as sa

from consultancy.models.deliverable import Deliverable
from tests.blueprints.papers import paper
from tests.factories import entered


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
