"""Pictures kept as evidence stand in the annex of a report, as figures that everybody can read."""

import io
import json
import re

import docx
import pytest
import sqlalchemy as sa
from PIL import Image

from consultancy.models.evidence import Evidence
from consultancy.reports import evidence_pictures as pictures
from consultancy.reports.evidence_pictures import with_pictures
from document_templates import library
from document_templates.checking import problems
from document_templates.rendering import render
from tenants.database import db, tenant_session
from tenants.files import Folder, content_key
from tests.consultancy.reports.practice import assemble, assessed, engagement, practice, rate_all
from tests.factories import DAY, make_evidence, make_evidence_link, make_finding
from tests.practice import statements_of


def photograph(colour="teal", size=(1200, 900)):
    out = io.BytesIO()
    Image.new("RGB", size, colour).save(out, "JPEG")
    return out.getvalue()


class Shelf:
    """An assessed engagement, and a folder in which its pictures lie."""

    def __init__(self, folder, kind="gap_analysis"):
        self.files = Folder(folder)
        self.engagement = engagement(kind)
        self.assessment = assessed(self.engagement)
        rate_all(self.assessment)

    def hang(self, title, *requirements, content=None, **columns):
        content = content or photograph()
        key = content_key(tenant_session().tenant_id, "evidence", content, "jpg")
        self.files.put(key, content)
        columns = {"kind": "jpg", "source": "observation", "effective_on": DAY} | columns
        piece = make_evidence(engagement=self.engagement, title=title, **columns)
        piece.file_key = piece.large_file_key = key
        piece.effective_on = columns["effective_on"]
        for code in requirements:
            make_evidence_link(evidence=piece, assessment=self.assessment, requirement=code)
        db.session.flush()
        return piece

    def asked_for(self, kind="gap_report", language="en"):
        """The snapshot as it is kept: plain data."""
        db.session.expire_all()
        return json.loads(json.dumps(assemble(kind, self.engagement, language=language)[1]))


@pytest.fixture
def shelf(database_app, tmp_path):
    with practice(database_app):
        yield Shelf(tmp_path)


def captions(fields):
    return [one["caption"] for one in fields["pictures"]["figures"]]


@pytest.mark.parametrize(
    ("of", "kind", "language"),
    [
        ("gap_analysis", "gap_report", "en"),
        ("gap_analysis", "gap_report", "fr"),
        ("pre_audit", "pre_audit_report", "en"),
    ],
)
def test_a_picture_stands_in_the_annex_with_a_counted_caption_its_day_its_requirements_and_words(
    database_app, tmp_path, of, kind, language
):
    with practice(database_app):
        shelf = Shelf(tmp_path, of)
        shelf.hang("Guard off", "8.1.2", "9.1.1", content=photograph("maroon"))
        fields = with_pictures(shelf.asked_for(kind, language), shelf.files)
        starter = library.starter(kind, language).content
        made = render(starter, fields)
        assert render(starter, with_pictures(shelf.asked_for(kind, language), shelf.files)) == made
    assert problems(made, language=language, typed=fields) == []
    word = docx.Document(io.BytesIO(made))
    (caption,) = [one.text for one in word.paragraphs if "Guard off" in one.text]
    assert re.fullmatch(r"Figure \d  Guard off, .*\d{4} \(8\.1\.2, 9\.1\.1\)", caption)
    assert photograph("maroon") in [part.blob for part in word.part.package.iter_parts()]
    (shape,) = [one for one in word.inline_shapes if one._inline.graphic.graphicData.pic is not None]
    assert (round(shape.width.mm), round(shape.height.mm)) == (117, 88)
    said = "Picture kept as evidence: Guard off" if language == "en" else "Image conservée comme preuve : Guard off"
    assert shape._inline.docPr.get("descr").startswith(said)


def test_only_pictures_that_anybody_may_open_are_shown(shelf):
    shelf.hang("Seen", "8.1.2")
    shelf.hang("Waits for the scanner", "8.1.2", content=photograph("red"), state="quarantined")
    shelf.hang("Infected", "8.1.2", content=photograph("green"), state="infected")
    shelf.hang("Out of use", "8.1.2", content=photograph("blue")).retired_at = sa.func.now()
    shelf.hang("Notes of an interview", "8.1.2", content=photograph("pink"), source="interview")
    shelf.hang("Speaks for nothing", content=photograph("gold"))
    shelf.hang("A document", "8.1.2", content=photograph("grey"), kind="pdf")
    db.session.flush()
    assert [caption.split(",")[0] for caption in captions(shelf.asked_for())] == ["Seen"]


def test_pictures_of_findings_come_first_and_what_is_too_many_is_said(shelf, monkeypatch):
    monkeypatch.setattr(pictures, "REPORT_PICTURES", 2)
    shelf.hang("Policy board", "5.2", content=photograph("red"))
    shelf.hang("Minutes", "5.4", content=photograph("green"))
    shelf.hang("Press", "8.1.2", content=photograph("blue"))
    make_finding(engagement=shelf.engagement, requirement="8.1.2", grade="major", number=1)
    fields = shelf.asked_for()
    assert [caption.split(",")[0] for caption in captions(fields)] == ["Press", "Policy board"]
    assert fields["pictures"]["left_out"] == "1 more picture is kept as evidence and not shown here."


def test_what_would_make_the_file_too_heavy_or_is_destroyed_since_is_left_out_and_said(shelf, monkeypatch):
    shelf.hang("Light", "5.2", content=photograph("red"))
    gone = shelf.hang("Destroyed", "5.4", content=photograph("green"))
    shelf.hang("Heavy", "8.1.2", content=photograph("blue", (1200, 1200)))
    fields = shelf.asked_for()
    gone.state, gone.file_key, gone.large_file_key = "infected", None, None
    db.session.flush()
    monkeypatch.setattr(pictures, "REPORT_PICTURE_BYTES", len(photograph("red")) + 10)
    written = with_pictures(fields, shelf.files)
    assert [caption.split(",")[0] for caption in captions(written)] == ["Light"]
    assert written["pictures"]["left_out"] == (
        "1 picture is left out so that the file stays light. 1 picture is no longer kept."
    )
    assert written["pictures"]["left_out"] in "\n".join(
        one.text for one in docx.Document(io.BytesIO(render(library.starter("gap_report").content, written))).paragraphs
    )


def test_a_store_that_is_away_is_no_destroyed_picture(shelf):
    piece = shelf.hang("Guard off", "8.1.2")
    fields = shelf.asked_for()
    shelf.files.delete(piece.large_file_key)
    with pytest.raises(OSError, match="jpg"):
        with_pictures(fields, shelf.files)
    assert db.session.get(Evidence, (piece.tenant_id, piece.id))


def test_a_small_picture_is_not_blown_up(shelf):
    shelf.hang("Sticker", "8.1.2", content=photograph("red", (144, 72)))
    (figure,) = with_pictures(shelf.asked_for(), shelf.files)["pictures"]["figures"]
    assert (round(figure["picture"].width_mm, 1), round(figure["picture"].height_mm, 1)) == (50.8, 25.4)


def test_a_report_without_pictures_costs_nothing_at_the_writing(shelf):
    fields = shelf.asked_for()
    with statements_of(db.engine) as seen:
        assert with_pictures(fields, shelf.files) is fields
    assert seen == []
