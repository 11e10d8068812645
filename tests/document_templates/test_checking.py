"""Every promise of a finished document, kept by all starters in both languages, and each broken once to see it told."""

import json
import re
import zipfile

import pytest

from document_templates.checking import PROMISES, Problem, problems
from document_templates.pictures import Picture
from document_templates.rendering import render
from document_templates.sample_fields import sample
from tests.document_templates.test_starters import STARTERS, starters
from tests.document_templates.word_files import (
    body,
    parts,
    picture,
    rebuilt,
    table_of,
    template,
    with_chart,
    with_paragraph_xml,
    with_relationship,
)

LETTERS = ("sose_letter", "rebate_sheet")
GAP = next(path for path in STARTERS if path.stem == "gap_report")


@starters
def test_what_a_starter_becomes_keeps_every_promise(path):
    kind, _dot, edition = path.stem.partition(".")
    language = edition or "en"
    fields = sample(kind, language)
    document = render(path.read_bytes(), fields)
    assert problems(document, language=language, typed=fields, one_title=kind not in LETTERS) == []


def whole() -> bytes:
    """A small document without a fault: the clean twin of each one below."""

    def build(document):
        document.core_properties.title = "Report"
        document.core_properties.language = "en-CA"
        document.add_paragraph("Report", style="Title")
        document.add_heading("One", 1)
        document.add_heading("Two", 2)
        table_of(("a", "b"), ("c", "d"))(document)

    source = template("{{ a }}", "{{ p }}", build=build)
    head = '<w:tr><w:trPr><w:tblHeader/></w:trPr>'
    source = rebuilt(source, {"word/document.xml": body(source).replace("<w:tr>", head, 1).encode()})
    fields = {"a": "text {{ typed }}", "p": Picture(picture(), "A guard", 20)}
    return render(source, fields | {"document": {"title": "Report", "language": "en-CA"}})


def test_a_whole_document_has_no_problem():
    assert problems(whole(), language="en", typed=["text {{ typed }}"]) == []


def changed(old: str, new: str, part: str = "word/document.xml") -> bytes:
    document = whole()
    before = parts(document)[part].decode()
    assert old in before
    return rebuilt(document, {part: before.replace(old, new, 1).encode()})


IMAGE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/image"
BROKEN = {
    "unreadable": lambda: b"PK\x03\x04",
    "size": lambda: rebuilt(whole(), {"word/media/a.png": bytes(26 << 20)}, method=zipfile.ZIP_STORED),
    "lost_part": lambda: with_relationship(whole(), f'<Relationship Id="rIdX" Type="{IMAGE}" Target="media/no.png"/>'),
    "untyped_part": lambda: changed('<Default Extension="png" ContentType="image/png"/>', "", "[Content_Types].xml"),
    "outside": lambda: with_relationship(
        whole(), f'<Relationship Id="rIdX" Type="{IMAGE}" Target="https://evil.example/p" TargetMode="External"/>'
    ),
    "tag": lambda: changed(">One<", ">One {{ left }}<"),
    "title": lambda: changed('w:val="Heading1"', 'w:val="Title"'),
    "no_title": lambda: changed("<dc:title>Report</dc:title>", "", "docProps/core.xml"),
    "heading_order": lambda: changed('w:val="Heading2"', 'w:val="Heading3"'),
    "header_row": lambda: changed("<w:tblHeader/>", ""),
    "alt_text": lambda: changed(' descr="A guard"', ""),
    "language": lambda: changed('w:lang w:val="en-CA"', 'w:lang w:val="fr-CA"', "word/styles.xml"),
    "schema_order": lambda: with_paragraph_xml(whole(), "<w:p><w:r><w:rPr><w:sz w:val='2'/><w:b/></w:rPr></w:r></w:p>"),
    "repeated": lambda: with_paragraph_xml(
        whole(), '<w:p><w:bookmarkStart w:id="8" w:name="a"/><w:bookmarkStart w:id="9" w:name="a"/></w:p>'
    ),
    "style": lambda: changed('w:val="Heading1"', 'w:val="Heading99"'),
    "reference": lambda: with_paragraph_xml(whole(), '<w:p><w:hyperlink w:anchor="nowhere"/></w:p>'),
    "field": lambda: with_paragraph_xml(whole(), '<w:p><w:r><w:fldChar w:fldCharType="begin"/></w:r></w:p>'),
    "cell": lambda: changed("</w:p></w:tc>", '</w:p><w:bookmarkEnd w:id="77"/></w:tc>'),
    "question": lambda: changed("<w:zoom", '<w:updateFields w:val="true"/><w:zoom', "word/settings.xml"),
    "name": lambda: changed(">One<", ">Côté &amp; Fils, too<"),
}


def test_every_promise_is_broken_once_here():
    assert set(BROKEN) == set(PROMISES)


@pytest.mark.parametrize("about", BROKEN)
def test_a_broken_promise_is_told(about):
    found = problems(BROKEN[about](), language="en", typed=["{{ typed }}"], foreign_names=["Côté & Fils"])
    assert about in {problem.about for problem in found}


def test_a_chart_without_its_message_is_told():
    source = with_chart(template("x"), "by_clause")
    data = {"categories": ["x"], "series": [{"name": "s", "values": [1]}]}
    told, silent = ({"charts": {"by_clause": {**data, "alt": alt}}} for alt in ("Clause 6 has most gaps", ""))
    assert Problem("alt_text", "by_clause") in problems(render(source, silent))
    assert Problem("alt_text", "by_clause") not in problems(render(source, told))


def test_braces_that_a_client_typed_are_words_and_no_tags():
    document = render(template("{{ a }}"), {"a": "set {{ x }}"})
    assert Problem("tag", "{{ x }}") not in problems(document, typed={"a": "set {{ x }}"})
    assert Problem("tag", "{{ x }}") in problems(document, typed={})


def test_every_finding_of_the_report_is_in_its_own_plan_and_the_other_way_round():
    fields = sample("gap_report", "en")
    shown = re.findall(r"F-\d\d", re.sub(r"<[^>]+>", "", body(render(GAP.read_bytes(), fields)).replace("\u2011", "-")))
    given = {f["number"] for clause in fields["clauses"] for f in clause["findings"]}
    assert given
    assert given <= set(shown)
    assert set(shown) <= set(re.findall(r"F-\d\d", json.dumps(fields)))
