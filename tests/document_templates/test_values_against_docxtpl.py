"""Pictures, looks, links, sub-documents, replaced parts: what docxtpl makes of its classes, ours makes of data."""

import hashlib
import io
import re
from collections.abc import Callable, Mapping
from typing import Any

import pytest
from docx.shared import Mm
from docxtpl import DocxTemplate, InlineImage, Listing, RichText, RichTextParagraph
from lxml import etree

from document_templates import rich_text
from document_templates.pictures import Picture
from document_templates.refusals import (
    UnreadableTemplate,
    UnusableLink,
    UnusableLook,
    UnusablePicture,
)
from document_templates.rendering import render
from document_templates.rich_text import RichParagraph, RichParagraphs, Run
from tests.document_templates.word_files import (
    opened,
    parts,
    picture,
    rebuilt,
    table_of,
    template,
    texts,
    with_relationship,
)

W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
R = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
WP = "http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing"
PNG, JPEG = picture(), picture("JPEG", size=(300, 200))
FOOTNOTES = (
    f'<w:footnotes xmlns:w="{W}"><w:footnote w:id="1"><w:p><w:r><w:t>See {{{{ a }}}} &amp; '
    "{% for h in heads %}{{ h }} {% endfor %}</w:t></w:r></w:p></w:footnote></w:footnotes>"
)


def stock(source: bytes, fields: Callable[[DocxTemplate], dict[str, Any]] | dict[str, Any]) -> bytes:
    document = DocxTemplate(io.BytesIO(source))
    document.init_docx()
    document.render(fields(document) if callable(fields) else fields, autoescape=True)
    return saved(document)


def saved(document: Any) -> bytes:
    stream = io.BytesIO()
    document.save(stream)
    return stream.getvalue()


def shape(document: bytes, part: str = "word/document.xml") -> str:
    """A part with what relationships lead to instead of their numbers; without what may differ and means nothing."""
    files = parts(document)
    root = etree.fromstring(files[part])
    folder, name = part.rsplit("/", 1)
    targets = _targets(files, f"{folder}/_rels/{name}.rels")
    for element in root.iter(etree.Element):
        for key in (f"{{{R}}}id", f"{{{R}}}embed"):
            if element.get(key):
                element.set(key, targets.get(element.get(key), "nowhere"))
        if element.tag in (f"{{{WP}}}docPr", "{http://schemas.openxmlformats.org/drawingml/2006/picture}cNvPr"):
            for key in ("id", "name", "descr"):
                element.attrib.pop(key, None)
        if element.tag == f"{{{W}}}shd":
            element.attrib.pop(f"{{{W}}}val", None), element.attrib.pop(f"{{{W}}}color", None)
        if element.tag == f"{{{WP}}}inline":
            element.attrib.clear()
        if element.tag == f"{{{W}}}rPr":
            element[:] = sorted(element, key=lambda child: child.tag)
    xml = etree.tostring(root, method="c14n", exclusive=True).decode()
    xml = re.sub(r' xmlns:\w+="[^"]*"| xml:space="preserve"', "", xml)
    xml = re.sub(r"<w:r>(<w:rPr></w:rPr>)?<w:t></w:t></w:r>", "", re.sub(r">\s+<", "><", xml))
    return re.sub(r"<w:bookmark(Start|End)[^>]*></w:bookmark(Start|End)>", "", xml[xml.find(">") + 1 :])


def _targets(files: Mapping[str, bytes], rels: str) -> dict[str, str]:
    found = {}
    for row in etree.fromstring(files[rels]) if rels in files else ():
        target = row.get("Target", "")
        data = files.get("word/" + target.removeprefix("/word/"))
        if "/image" in row.get("Type", "") and data is not None:
            target = hashlib.sha256(data).hexdigest()[:12]
        found[row.get("Id", "")] = target
    return found


LOOKS = {
    "plain": {}, "style": {"style": "Strong"}, "color": {"color": "#FF0000"}, "color, no sign": {"color": "00aa00"},
    "highlight": {"highlight": "#ffff00"}, "size": {"size": 40}, "subscript": {"subscript": True},
    "superscript": {"superscript": True}, "bold": {"bold": True}, "italic": {"italic": True},
    "underline": {"underline": True}, "underline double": {"underline": "double"},
    "underline unknown": {"underline": "zigzag"}, "strike": {"strike": True}, "font": {"font": "Arial"},
    "regional font": {"font": "eastAsia:SimSun"}, "right to left": {"rtl": True, "bold": True, "italic": True},
    "language": {"lang": "fr-CA"}, "several": {"bold": True, "italic": True, "size": 28, "color": "#112233"},
}  # fmt: skip


@pytest.mark.parametrize("look", LOOKS)
def test_rich_text_has_the_looks_it_has_with_docxtpl(look):
    source = template("before {{r t }} after")
    words = "R&D <5> “x”"
    ours = rich_text.RichText((Run(words, **LOOKS[look]), " plain"))
    theirs = RichText(words, **LOOKS[look])
    theirs.add(" plain")
    assert shape(render(source, {"t": ours})) == shape(stock(source, {"t": theirs}))
    assert words in texts(render(source, {"t": ours}))[0]


def test_rich_text_within_rich_text_and_in_a_loop_and_a_cell():
    source = template(build=table_of(("{%tr for r in rows %}", ""), ("{{r r }}", "x"), ("{%tr endfor %}", "")))
    ours = [rich_text.RichText((rich_text.RichText((Run(word, bold=True),)), "!")) for word in ("a", "b")]
    theirs = [RichText(RichText(word, bold=True)) for word in ("a", "b")]
    for one in theirs:
        one.add("!")
    assert shape(render(source, {"rows": ours})) == shape(stock(source, {"rows": theirs}))


@pytest.mark.parametrize("address", ["https://example.ca/a?b=1&c=2", "mailto:ana@example.ca"])
def test_links_are_relationships_of_the_part_they_stand_in(address):
    source = template("see {{r t }}", build=in_header("{{r t }}"))

    def theirs(document):
        return {"t": RichText("here & there", url_id=document.build_url_id(address))}

    ours = render(source, {"t": rich_text.RichText((Run("here & there", link=address),))})
    assert shape(ours) == shape(stock(source, theirs))
    assert address in [r.target_ref for r in opened(ours).sections[0].header.part.rels.values()]  # stock's lead nowhere


def test_rich_paragraphs():
    source = template("before", "{{p t }}", "after")
    bold = rich_text.RichText((Run("x", bold=True),))
    ours = RichParagraphs((RichParagraph("A & B", "Heading1"), RichParagraph(bold)))
    theirs = RichTextParagraph(RichText("A & B"), parastyle="Heading1")
    theirs.add(RichText("x", bold=True))
    assert shape(render(source, {"t": ours})) == shape(stock(source, {"t": theirs}))


@pytest.mark.parametrize("text", ["a\nb", "a\tb", "a\ab", "a\fb", "a\ab\nc\td\fe & <f>", "", 5])
def test_listings_break_lines_paragraphs_and_pages_in_the_looks_around_them(text):
    def build(document):
        document.add_paragraph("start {{ t }} end", style="List Bullet").runs[0].bold = True

    source = template(build=build)
    ours, theirs = render(source, {"t": rich_text.Listing(text)}), stock(source, {"t": Listing(text)})
    assert shape(ours) == shape(theirs)
    assert "List Bullet" in {paragraph.style.name for paragraph in opened(ours).paragraphs}


SIZES = {"as it is": {}, "wide": {"width": 40}, "tall": {"height": 20}, "both": {"width": 40, "height": 10}}


@pytest.mark.parametrize("content", [PNG, JPEG], ids=["PNG", "JPEG"])
@pytest.mark.parametrize("size", SIZES)
def test_pictures_stand_as_large_as_with_docxtpl(size, content):
    source = template("before {{ p }} after")
    ours = Picture(content, "A press without its guard", **{f"{side}_mm": mm for side, mm in SIZES[size].items()})

    def theirs(document):
        return {"p": InlineImage(document, io.BytesIO(content), **{side: Mm(mm) for side, mm in SIZES[size].items()})}

    assert shape(render(source, {"p": ours})) == shape(stock(source, theirs))


def in_header(text: str) -> Callable[[Any], None]:
    def build(document):
        document.sections[0].header.paragraphs[0].text = text
        document.sections[0].footer.paragraphs[0].text = text

    return build


def test_pictures_with_a_link_in_loops_cells_headers_and_footers():
    source = template("{%p for p in all %}", "{{ p }}", "{%p endfor %}", build=in_header("{{ one }}"))
    one = Picture(PNG, "One", 30, link="https://example.ca")
    other = Picture(JPEG, "Other", 30)

    def theirs(document):
        first = InlineImage(document, io.BytesIO(PNG), width=Mm(30), anchor="https://example.ca")
        return {"one": first, "all": [first, InlineImage(document, io.BytesIO(JPEG), width=Mm(30)), first]}

    ours, reference = render(source, {"one": one, "all": [one, other, one]}), stock(source, theirs)
    for name in ("word/document.xml", "word/header1.xml", "word/footer1.xml"):
        assert shape(ours, name) == shape(reference, name)
    assert len([name for name in parts(ours) if name.startswith("word/media/")]) == 2


def test_a_picture_says_what_it_shows_and_has_a_number_of_its_own():
    document = render(template("{{ p }}{{ p }}"), {"p": Picture(PNG, 'Guard "A" & <B>', 30)})
    drawn = list(opened(document).element.body.iter(f"{{{WP}}}docPr"))
    assert [(e.get("id"), e.get("descr")) for e in drawn] == [("1", 'Guard "A" & <B>'), ("2", 'Guard "A" & <B>')]
    source = template("{{ p }}")
    assert render(source, {"p": Picture(PNG, "x")}) == render(source, {"p": Picture(PNG, "x")})


def test_no_picture_is_no_picture():
    assert texts(render(template("[{% if p %}{{ p }}{% endif %}]"), {"p": None})) == ["[]"]


def test_footnotes_come_out_as_with_docxtpl():
    def noted(source: bytes) -> bytes:
        rel = f'<Relationship Id="rIdF" Type="{R}/footnotes" Target="footnotes.xml"/>'
        types = parts(source)["[Content_Types].xml"].decode()
        kind = "application/vnd.openxmlformats-officedocument.wordprocessingml.footnotes+xml"
        types = types.replace("</Types>", f'<Override PartName="/word/footnotes.xml" ContentType="{kind}"/></Types>')
        return rebuilt(
            with_relationship(source, rel),
            {"word/footnotes.xml": FOOTNOTES.encode(), "[Content_Types].xml": types.encode()},
        )

    source, fields = noted(template("text")), {"a": "5 < 6", "heads": ["x", "y"]}
    ours, theirs = render(source, fields), stock(source, fields)
    assert shape(ours, "word/footnotes.xml") == shape(theirs, "word/footnotes.xml")
    assert b"5 &lt; 6" in parts(ours)["word/footnotes.xml"]


@pytest.mark.parametrize("name", ["title", "subject", "author"])
def test_properties_of_the_file_are_filled_as_with_docxtpl(name):
    source = template("x", build=lambda one: setattr(one.core_properties, name, "{{ a }} {% if a %}&{% endif %}"))
    ours, theirs = render(source, {"a": "R 1"}), stock(source, {"a": "R 1"})
    one, other = (getattr(opened(document).core_properties, name) for document in (ours, theirs))
    assert one == other == "R 1 &"


MERGED = {
    "merged across": (("{%tc for h in heads %}", "{% hm %}{{ h }}", "{%tc endfor %}"), ("x", "y", "z")),
    "merged across with more": (("{%tc for h in heads %}", "{% hm %}Total {{ h }} here", "{%tc endfor %}"),),
    "merged down twice": (
        ("{%tr for r in rows %}", "", ""), ("{% vm %}one", "{% vm %}two", "{{ r }}"), ("{%tr endfor %}", "", ""),
    ),
    "cells of unequal rows": (("{%tc for h in heads %}", "{{ h }}", "{%tc endfor %}"), ("1", "2", "3")),
    "colour and span": (("{% cellbg c %}{{ a }}", "x"), ("{% colspan 2 %}{{ a }}", "y")),
    "whole row comment": (("{#tr never seen #}", ""), ("{{ a }}", "x")),
    "cell comment": (("{#tc never seen #}", "b"), ("{{ a }}", "x")),
}  # fmt: skip


@pytest.mark.parametrize("what", MERGED)
def test_tables_that_merge_cells_come_out_as_with_docxtpl(what):
    source = template(build=table_of(*MERGED[what]))
    fields = {"heads": ["A", "B", "C"], "rows": [1, 2, 3], "c": "00FF00", "a": "one & two"}
    assert shape(render(source, fields)) == shape(stock(source, fields))


@pytest.mark.parametrize(
    ("make", "refusal"),
    [
        (lambda: Picture(PNG, " "), UnusablePicture),
        (lambda: Picture(PNG, "x", width_mm=-1), UnusablePicture),
        (lambda: Picture(b"MZ no picture", "x").runs(), UnusablePicture),
        (lambda: Picture(PNG[:20], "x").runs(), UnusablePicture),
        (lambda: Picture(picture("BMP"), "x").runs(), UnusablePicture),
        (lambda: Picture(PNG, "x", link="file:///etc/passwd"), UnusableLink),
        (lambda: Run("x", link="javascript:alert(1)"), UnusableLink),
        (lambda: Run("x", link='https://a" w:x="'), UnusableLink),
        (lambda: Run("x", style='a"/><w:x'), UnusableLook),
        (lambda: Run("x", color="red"), UnusableLook),
        (lambda: RichParagraph("x", 'a"/>'), UnusableLook),
    ],
)
def test_values_that_would_break_a_document_are_refused_where_they_are_made(make, refusal):
    with pytest.raises(refusal) as refused:
        make()
    assert refused.value.sentence.endswith(".")


def test_typed_text_cannot_forge_what_stands_for_a_picture_or_a_link():
    typed = ' r:embed="picture:00" r:id="link:https://evil.example" <!--new page--> w:val="first-of-list:1:x:1"/>'
    assert texts(render(template("{{ a }}"), {"a": typed})) == [typed]


def test_whole_paragraphs_inside_a_line_are_told_to_their_author():
    with pytest.raises(UnreadableTemplate, match="paragraph of their own"):
        render(template("x {{ t }}"), {"t": RichParagraphs((RichParagraph("x"),))})
