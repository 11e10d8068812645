"""What is known of a document that comes back edited by hand, before it is kept as a new version."""

import functools
import json
from pathlib import Path

import pytest

from document_templates.child import Child
from document_templates.edited import inspect_edited
from document_templates.refusals import ActiveContent, BrokenFile, WrongKindOfFile
from document_templates.rendering import render
from tests.document_templates.word_files import (
    OFFICE,
    body,
    opened,
    parts,
    rebuilt,
    template,
    with_relationship,
)
from tests.office import WORD, converted

ROOT = Path(__file__).resolve().parents[2]
SAMPLES = Path(__file__).parents[2] / "document_templates" / "samples"
SENTENCE = "of the plant on both shifts"


def issued(**document):
    fields = json.loads((SAMPLES / "gap_report.json").read_text())
    fields["document"] |= document
    return render((ROOT / "document_templates" / "starters" / "gap_report.docx").read_bytes(), fields)


@pytest.fixture(scope="module")
def original():
    return issued()


def at_the_end(document, xml):
    before, section, after = body(document).rpartition("<w:sectPr")
    return rebuilt(document, {"word/document.xml": f"{before}{xml}{section}{after}".encode()})


def reworded(document, after):
    assert body(document).count(SENTENCE) == 1
    changed = body(document).replace(SENTENCE, after)
    return rebuilt(document, {"word/document.xml": changed.encode()})


def test_a_copy_with_one_sentence_reworded_is_told_as_that(original):
    facts = inspect_edited(reworded(original, "of the plant on all shifts"), original=original)
    assert [(one.kind, one.heading) for one in facts.changes] == [("changed", "Scope of the gap analysis")]
    assert facts.title_found and facts.number_found and facts.language_kept and facts.has_properties
    assert not facts.seems_another_document
    assert not facts.shows_its_editing
    assert facts.leftover_tags == ()


def test_another_documents_file_is_noticed_by_its_number(original):
    facts = inspect_edited(issued(number="ACME-GAP-2026-02"), original=original)
    assert (facts.number, facts.number_found, facts.other_number) == ("RIVETECH-GAP-2026-01", False, "ACME-GAP-2026-02")
    assert facts.seems_another_document


def test_another_number_on_the_cover_is_noticed_without_properties(original):
    other = issued(number="ACME-GAP-2026-02")
    bare = parts(other)["docProps/core.xml"].decode().replace(">ACME-GAP-2026-02<", "><")
    facts = inspect_edited(rebuilt(other, {"docProps/core.xml": bare.encode()}), original=original)
    assert facts.other_number == "ACME-GAP-2026-02"


def test_a_report_that_names_another_one_is_still_itself(original):
    facts = inspect_edited(reworded(original, f"{SENTENCE}, see ACME-GAP-2026-02"), original=original)
    assert not facts.seems_another_document


def test_a_copy_in_the_other_language_is_noticed(original):
    facts = inspect_edited(issued(language="fr-CA"), original=original)
    assert (facts.language, facts.language_kept) == ("fr-CA", False)


def test_tracked_changes_and_comments_that_the_client_would_see_are_counted_and_named(original):
    tracked = (
        '<w:p><w:ins w:id="901" w:author="Sørine Kjær" w:date="2026-11-24T10:00:00Z"><w:r><w:t>Is this so?</w:t></w:r>'
        '</w:ins><w:del w:id="902" w:author="P. d’Entremont"><w:r><w:delText>No.</w:delText></w:r></w:del></w:p>'
    )
    comments = (
        '<w:comments xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"><w:comment w:id="1" '
        'w:author="Dwayne O’Leary"><w:p><w:r><w:t>We said otherwise.</w:t></w:r></w:p></w:comment></w:comments>'
    )
    copy = at_the_end(original, tracked)
    copy = with_relationship(copy, f'<Relationship Id="rIdC" Type="{OFFICE}/comments" Target="comments.xml"/>')
    facts = inspect_edited(rebuilt(copy, {"word/comments.xml": comments.encode()}), original=original)
    assert (facts.tracked_changes, facts.tracked_by) == (2, ("P. d’Entremont", "Sørine Kjær"))
    assert (facts.comments, facts.comments_by) == (1, ("Dwayne O’Leary",))
    assert facts.shows_its_editing
    assert [(one.kind, one.after) for one in facts.changes] == [("added", "Is this so?")]


def test_tags_that_were_never_filled_are_named(original):
    spread = "<w:p><w:r><w:t>{{ client</w:t></w:r><w:r><w:t>.name }} and {% if x %}</w:t></w:r></w:p>"
    facts = inspect_edited(at_the_end(original, spread), original=original)
    assert facts.leftover_tags == ("{{ client.name }}", "{% if x %}")


def test_a_copy_without_properties_is_told_so(original):
    rels = parts(original)["_rels/.rels"].decode()
    rels = rels.replace("metadata/core-properties", "metadata/nothing")
    facts = inspect_edited(rebuilt(original, {"_rels/.rels": rels.encode()}), original=original)
    assert not facts.has_properties
    assert facts.number_found


@pytest.mark.parametrize(
    ("copy", "refusal"),
    [
        (lambda original: b"%PDF-1.7", WrongKindOfFile),
        (lambda original: original[: len(original) // 2], BrokenFile),
        (lambda original: rebuilt(original, {"word/document.xml": b"<w:document/>"}), BrokenFile),
        (lambda original: rebuilt(original, {"word/vbaProject.bin": b"x"}), ActiveContent),
        (lambda original: at_the_end(original, "<w:sdt>" * 400 + "</w:sdt>" * 400), BrokenFile),
    ],
)
def test_what_no_upload_may_be_is_refused(original, copy, refusal):
    with pytest.raises(refusal):
        inspect_edited(copy(original), original=original)


def test_an_empty_document_is_another_document(original):
    facts = inspect_edited(template(), original=original)
    assert facts.seems_another_document
    assert {one.kind for one in facts.changes if one.where == "text"} == {"removed"}


def test_it_is_looked_at_in_the_confined_child(original):
    with Child() as child:
        look = functools.partial(inspect_edited, original=original)
        assert child(look, reworded(original, "of the plant on all shifts")).number_found
        with pytest.raises(WrongKindOfFile):
            child(look, b"%PDF-1.7")


@pytest.mark.office
def test_a_copy_saved_by_libreoffice_is_recognised(original, tmp_path):
    document = opened(original)
    document.add_paragraph("Added by hand.")
    document.save(str(tmp_path / "copy.docx"))
    saved = converted(tmp_path, WORD, tmp_path / "copy.docx")
    facts = inspect_edited((saved / "copy.docx").read_bytes(), original=original)
    assert facts.title_found and facts.number_found and facts.language_kept
    assert not facts.seems_another_document
    assert [(one.kind, one.after) for one in facts.changes] == [("added", "Added by hand.")]
