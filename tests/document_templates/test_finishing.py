"""What a reader sees on opening: a contents page, captions in order, nothing that Word would call damaged."""

import re

from document_templates.rendering import render
from tests.document_templates.word_files import body, opened, parts, rebuilt, template, texts, with_paragraph_xml

CAPTION = (
    '<w:p><w:bookmarkStart w:id="5" w:name="ref_t"/><w:r><w:t xml:space="preserve">Table </w:t></w:r><w:r>'
    '<w:fldChar w:fldCharType="begin"/></w:r><w:r><w:instrText xml:space="preserve"> SEQ Table \\* ARABIC '
    '</w:instrText></w:r><w:r><w:fldChar w:fldCharType="separate"/></w:r><w:r><w:t>1</w:t></w:r><w:r><w:fldChar '
    'w:fldCharType="end"/></w:r><w:bookmarkEnd w:id="5"/></w:p>'
)
REFERENCE = (
    '<w:p><w:r><w:fldChar w:fldCharType="begin"/></w:r><w:r><w:instrText> REF ref_t \\h </w:instrText></w:r><w:r>'
    '<w:fldChar w:fldCharType="separate"/></w:r><w:r><w:t>stale</w:t></w:r><w:r>'
    '<w:fldChar w:fldCharType="end"/></w:r></w:p>'
)


def tagged(text):
    return f"<w:p><w:r><w:t>{text}</w:t></w:r></w:p>"


def with_headings(document):
    document.add_paragraph("{{ contents }}")
    document.add_heading("Summary & aims", 1)
    document.add_paragraph("{%p for c in clauses %}")
    document.add_heading("Clause {{ c }}", 2)
    document.add_heading("Detail", 3)
    document.add_paragraph("{%p endfor %}")


def test_the_contents_list_the_headings_of_two_levels_as_links():
    xml = body(render(template(build=with_headings), {"clauses": ["4 <b>", "5"]}))
    entries = re.findall(r'<w:hyperlink w:anchor="([^"]*)" w:history="1"><w:r><w:t[^>]*>([^<]*)', xml)
    bookmarks = re.findall(r'<w:bookmarkStart w:id="(\d+)" w:name="([^"]*)"/>', xml)
    assert [text for _, text in entries] == ["Summary &amp; aims", "Clause 4 &lt;b&gt;", "Clause 5"]
    assert [name for name, _ in entries] == [name for _, name in bookmarks]
    assert len({number for number, _ in bookmarks}) == 3
    assert xml.count("w:instrText") == 2
    assert "<!--" not in xml


def test_a_document_without_headings_still_has_a_readable_contents_field():
    document = render(template("{{ contents }}", "text"), {})
    assert texts(document) == ["", "text"]
    assert body(document).count("w:fldCharType") == 3


def test_a_value_cannot_become_the_contents():
    source = template("{{ note }}", build=lambda document: document.add_heading("One", 1))
    document = render(source, {"note": "<!--contents-->"})
    assert texts(document)[0] == "<!--contents-->"


def test_a_contents_field_made_by_word_is_rewritten_in_place():
    field = (
        '<w:p><w:r><w:fldChar w:fldCharType="begin"/></w:r><w:r><w:instrText xml:space="preserve"> TOC \\o "1-1" \\h '
        '</w:instrText></w:r><w:r><w:fldChar w:fldCharType="separate"/></w:r><w:r><w:t>Old entry</w:t></w:r></w:p>'
        "<w:p><w:r><w:t>Another old entry</w:t></w:r></w:p>"
        '<w:p><w:r><w:fldChar w:fldCharType="end"/></w:r></w:p><w:p><w:r><w:t>after</w:t></w:r></w:p>'
    )

    def build(document):
        document.add_heading("One", 1)
        document.add_heading("Two", 2)

    xml = body(render(with_paragraph_xml(template(build=build), field), {}))
    assert "ld entry" not in xml
    assert re.findall(r'w:history="1"><w:r><w:t[^>]*>([^<]*)', xml) == ["One"]
    assert 'TOC \\o "1-1" \\h' in xml


def test_captions_count_on_through_loops_and_references_follow():
    source = with_paragraph_xml(
        template(), tagged("{%p for x in rows %}") + CAPTION + tagged("{%p endfor %}") + REFERENCE
    )
    document = render(source, {"rows": [1, 2, 3]})
    assert texts(document) == ["Table 1", "Table 2", "Table 3", "Table 1"]
    assert body(document).count('w:name="ref_t"') == 1
    assert body(document).count("bookmarkStart") == body(document).count("bookmarkEnd") == 1


def test_drawings_repeated_by_a_loop_have_numbers_of_their_own():
    drawing = (
        '<w:p><w:r><w:drawing><wp:inline xmlns:wp="http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing">'
        '<wp:docPr id="3" name="Logo" descr="{{ alt }}"/></wp:inline></w:drawing></w:r></w:p>'
    )
    source = with_paragraph_xml(template(), tagged("{%p for x in rows %}") + drawing + tagged("{%p endfor %}"))
    xml = body(render(source, {"rows": [1, 2], "alt": 'a "b" <c>'}))
    assert re.findall(r'<wp:docPr id="(\d+)" name="Logo" descr="([^"]*)"', xml) == [
        ("1", "a &#34;b&#34; &lt;c&gt;"),
        ("2", "a &#34;b&#34; &lt;c&gt;"),
    ]


def test_nobody_is_asked_to_update_fields_or_sent_to_another_template():
    source = template("x")
    settings = parts(source)["word/settings.xml"].decode()
    settings = re.sub(r"(<w:settings[^>]*>)", r'\1<w:updateFields w:val="true"/>', settings, count=1)
    document = render(rebuilt(source, {"word/settings.xml": settings.encode()}), {})
    assert b"updateFields" not in parts(document)["word/settings.xml"]


def test_parts_nothing_refers_to_are_left_behind():
    source = rebuilt(template("x"), {"word/media/other_client.png": b"\x89PNG", "word/orphan.xml": b"<x/>"})
    assert [name for name in parts(render(source, {})) if "other" in name or "orphan" in name] == []


def test_the_pieces_written_by_hand_stand_in_schema_order():
    xml = body(render(template(build=with_headings), {"clauses": ["4"]}))
    heading = re.search(r"<w:p><w:pPr><w:pStyle[^>]*/></w:pPr><w:bookmarkStart[^>]*/><w:r>.*?</w:r><w:bookmarkEnd", xml)
    assert heading
    assert opened(render(template(build=with_headings), {"clauses": ["4"]})).paragraphs[0].style.name == "Normal"


NUMBERING = (
    '<w:numbering xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"><w:abstractNum '
    'w:abstractNumId="7"><w:lvl w:ilvl="0"><w:numFmt w:val="decimal"/><w:lvlText w:val="%1"/></w:lvl><w:lvl w:ilvl="1">'
    '<w:numFmt w:val="lowerLetter"/><w:lvlText w:val="Part %1.%2:"/></w:lvl></w:abstractNum>'
    '<w:num w:numId="3"><w:abstractNumId w:val="7"/></w:num></w:numbering>'
)


def test_entries_carry_the_numbers_that_word_will_show():
    def numbered(document, text, depth):
        properties = document.add_heading(text, depth + 1)._p.get_or_add_pPr().get_or_add_numPr()
        properties.get_or_add_ilvl().val = depth
        properties.get_or_add_numId().val = 3

    def build(document):
        document.add_paragraph("{{ contents }}")
        for text, depth in (("One", 0), ("Two", 0), ("Two a", 1), ("Two b", 1), ("Three", 0), ("Three a", 1)):
            numbered(document, text, depth)
        document.add_heading("Unnumbered", 1)

    source = rebuilt(template(build=build), {"word/numbering.xml": NUMBERING.encode()})
    entries = [text for text in texts(render(source, {})) if "\t" in text or text == "Unnumbered"]
    numbered_entries = ["1\tOne", "2\tTwo", "2.a\tTwo a", "2.b\tTwo b", "3\tThree", "3.a\tThree a"]
    assert entries == [*numbered_entries, "Unnumbered", "Unnumbered"]
