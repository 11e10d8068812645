"""A template filled with what a consultant typed."""

import zipfile
from io import BytesIO

import pytest

from document_templates.refusals import UnknownPlaceholder, UnreadableTemplate
from document_templates.rendering import render
from tests.document_templates.word_files import (
    body,
    opened,
    parts,
    rebuilt,
    table_of,
    template,
    texts,
    with_paragraph_xml,
    with_relationship,
)


def test_typed_text_arrives_whole_and_is_never_read_as_tags_or_xml():
    typed = "R&D <5 mg/m³ costs, \"quoted\" & 'so' {{7*7}} {% x %} {_{ <b>bold</b> ☃"
    document = render(template("Seen: {{ seen }}."), {"seen": typed})
    assert texts(document) == [f"Seen: {typed}."]


def test_lines_and_tabs_of_a_note_become_words_own():
    document = render(template("{{ note }}"), {"note": "first\nsecond\r\nthird\tcolumn\vfourth"})
    assert texts(document) == ["first\nsecond\nthird\tcolumn\nfourth"]
    assert body(document).count("<w:br/>") == 3
    assert body(document).count("<w:tab/>") == 1


def test_control_characters_and_broken_halves_are_left_out():
    document = render(template("{{ note }}"), {"note": "a\x00b\x07c\ud800d\ufffee 🦺"})
    assert texts(document) == ["abcde 🦺"]


def test_the_lines_of_a_text_can_be_paragraphs_of_their_own():
    source = template("{%p for line in note|lines %}", "{{ line }}", "{%p endfor %}")
    assert texts(render(source, {"note": "one\n\n two \nthree"})) == ["one", "two", "three"]


def test_rows_repeat_and_conditions_choose():
    filled = ("{{ r.name }}", "{% if r.late %}late{% endif %}")
    rows = table_of(("Name", "Rating"), ("{%tr for r in rows %}", ""), filled, ("{%tr endfor %}", ""))
    document = render(template(build=rows), {"rows": [{"name": "Ana", "late": 1}, {"name": "Bo", "late": 0}]})
    cells = [[cell.text for cell in row.cells] for row in opened(document).tables[0].rows]
    assert cells == [["Name", "Rating"], ["Ana", "late"], ["Bo", ""]]


def test_a_tag_split_over_runs_by_word_is_filled_all_the_same():
    split = (
        '<w:p><w:r><w:t>By {</w:t></w:r><w:proofErr w:type="spellStart"/><w:r><w:rPr><w:b/></w:rPr>'
        "<w:t>{ author.na</w:t></w:r><w:r><w:t>me }}.</w:t></w:r></w:p>"
    )
    document = render(with_paragraph_xml(template(), split), {"author": {"name": "Ana"}})
    assert texts(document) == ["By Ana."]


def test_headers_and_footers_are_filled():
    def build(document):
        document.sections[0].header.paragraphs[0].text = "{{ client.name }}"
        document.sections[0].footer.paragraphs[0].text = "{{ document.number }}"

    fields = {"client": {"name": "Tolmie & Co"}, "document": {"number": "T-1"}}
    section = opened(render(template(build=build), fields)).sections[0]
    assert (section.header.paragraphs[0].text, section.footer.paragraphs[0].text) == ("Tolmie & Co", "T-1")


def test_a_chip_says_word_symbol_and_style_together_in_the_language_of_the_document():
    source = template("{{p '1'|chip }}", "{{p 'needs_work'|document_chip }}", "{{p 'overdue'|status_chip }}")
    assert texts(render(source, {}))[:3] == ["●○○ Informal", "◊ Needs work", "× Overdue"]
    french = render(source, {"document": {"language": "fr-CA"}})
    assert texts(french)[0] == "●○○ Informel"
    assert 'w:val="Rating1"' in body(french)


def test_evidence_numbers_are_marked_and_do_not_break():
    document = render(template("{{r seen|marked }}"), {"seen": "Seen [F-12, E-03] & done"})
    assert texts(document) == ["Seen [F-12, E-03] & done"]
    assert '<w:rStyle w:val="EvidenceRef"/>' in body(document)
    assert body(document).count("<w:noBreakHyphen/>") == 2


def test_plain_text_in_a_whole_run_or_paragraph_is_not_lost():
    document = render(template("{{p note }}", "so {{r note }}!"), {"note": "a < b"})
    assert texts(document) == ["a < b", "so a < b!"]


def test_nothing_given_is_printed_as_nothing():
    assert texts(render(template("[{{ due }}]"), {"due": None})) == ["[]"]


def test_doubled_braces_can_be_written_for_the_reader():
    assert texts(render(template("{_{ name }_}"), {})) == ["{{ name }}"]


def test_same_template_and_fields_are_the_same_bytes():
    source = template("{{ a }}", build=table_of(("{{ a }}", "x")))
    assert render(source, {"a": "text"}) == render(bytes(bytearray(source)), {"a": "text"})
    with zipfile.ZipFile(BytesIO(render(source, {"a": "text"}))) as archive:
        assert {entry.date_time for entry in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}
        assert archive.namelist()[:2] == ["[Content_Types].xml", "_rels/.rels"]
        assert archive.testzip() is None


def test_a_misspelt_name_is_told_with_the_nearest_and_its_place():
    with pytest.raises(UnknownPlaceholder) as refused:
        render(template("One", "Prepared for {{ cleint.name }}"), {"client": {"name": "T"}})
    assert refused.value.args[:2] == ("cleint.name", "client.name")
    assert "Prepared for {{ cleint.name }}" in refused.value.sentence


@pytest.mark.parametrize(
    ("tag", "name", "near"),
    [
        ("{{ client.nmae }}", "client.nmae", "client.name"),
        ("{% if client.naem %}x{% endif %}", "client.naem", "client.name"),
        ("{% for r in rwos %}x{% endfor %}", "rwos", "rows"),
        ("{% for r in rows %}{{ r.titel }}{% endfor %}", "r.titel", "r.title"),
        ("{{ zzz }}", "zzz", ""),
    ],
)
def test_unknown_names_are_found_wherever_they_stand(tag, name, near):
    fields = {"client": {"name": "T"}, "rows": [{"title": "x"}]}
    with pytest.raises(UnknownPlaceholder) as refused:
        render(template("first", tag), fields)
    assert refused.value.args[:2] == (name, near)


def test_an_unknown_name_in_a_table_or_a_header_says_so():
    with pytest.raises(UnknownPlaceholder, match="in table 1"):
        render(template(build=table_of(("a", "{{ nope }}"))), {})

    def build(document):
        document.sections[0].header.paragraphs[0].text = "{{ nope }}"

    with pytest.raises(UnknownPlaceholder, match="in the header"):
        render(template(build=build), {})


@pytest.mark.parametrize(
    "tag", ["{{ a", "{% if a %}", "{% endfor %}", "{{ a | }}", "{% nonsense %}", "{{ a b }}", "{# x"]
)
def test_malformed_tags_are_told_with_their_paragraph(tag):
    with pytest.raises(UnreadableTemplate) as refused:
        render(template("fine", f"See {tag}"), {"a": "x"})
    assert refused.value.sentence.startswith("The document template cannot be read: ")


def test_a_condition_that_tears_a_table_apart_never_leaves():
    torn = table_of(("{% if a %}x", "y"), ("z{% endif %}", "q"))
    with pytest.raises(UnreadableTemplate):
        render(template("{%p if a %}{% if a %}", build=torn), {"a": 0})


def test_printing_a_group_of_fields_is_refused():
    with pytest.raises(UnreadableTemplate, match="printing a list"):
        render(template("{{ client }}"), {"client": {"name": "T"}})


@pytest.mark.parametrize("broken", [b"", b"PK\x03\x04", b"not a file", template()[:-900]])
def test_what_is_no_word_file_is_refused(broken):
    with pytest.raises(UnreadableTemplate):
        render(broken, {})


def test_a_file_without_its_main_part_is_refused():
    with pytest.raises(UnreadableTemplate):
        render(rebuilt(template(), {"word/document.xml": None}), {})


def test_a_tag_where_nothing_is_filled_is_told_instead_of_left_standing():
    stray = with_relationship(template(), '<Relationship Id="rIdX" Type="urn:x" Target="stray.xml"/>')
    with pytest.raises(UnreadableTemplate, match="where none is filled"):
        render(rebuilt(stray, {"word/stray.xml": b"<x>{{ a }}</x>"}), {"a": "x"})


def test_the_file_says_only_what_the_fields_say():
    def build(document):
        document.core_properties.title = "{{ document.title }}: {{ client.name }}"
        document.core_properties.keywords = "left over"
        document.core_properties.comments = "left over"
        document.core_properties.last_modified_by = "Somebody Else"

    fields = {
        "client": {"name": "Côté & Fils"},
        "author": {"name": "Ana"},
        "document": {
            "title": "Gap report",
            "language": "fr-CA",
            "created": "2026-10-30T09:00:00Z",
            "subject": "ISO <45001>",
        },
    }
    document = render(template(build=build), fields)
    said = opened(document).core_properties
    assert (said.title, said.author, said.last_modified_by) == ("Gap report: Côté & Fils", "Ana", "Ana")
    assert (said.subject, said.language, said.keywords, said.comments) == ("ISO <45001>", "fr-CA", "", "")
    assert said.created is not None
    assert said.created.isoformat().startswith("2026-10-30T09:00:00")
    assert b"<Application>Consultancy</Application>" in parts(document)["docProps/app.xml"]
    assert "docProps/thumbnail.jpeg" not in parts(document)
    assert b"left over" not in b"".join(parts(document).values())
