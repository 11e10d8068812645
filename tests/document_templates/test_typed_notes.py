"""Notes typed in Markdown, in the styles of the template they are printed in."""

import re

import pytest

from document_templates.linting import Notice, examined
from document_templates.rendering import render
from document_templates.sample_fields import sample
from tests.document_templates.test_starters import STARTERS
from tests.document_templates.word_files import body, opened, parts, rebuilt, template, with_paragraph_xml

SOURCE = template("{{p note|markdown }}", "end")


def written(note: str, source: bytes = SOURCE) -> list[tuple[str, str]]:
    """Style and words of each paragraph; bold in stars, italics in lines."""
    found = []
    for paragraph in opened(render(source, {"note": note})).paragraphs[:-1]:
        words = "".join(
            f"*{run.text}*" if run.bold else f"_{run.text}_" if run.italic else run.text for run in paragraph.runs
        )
        found.append((paragraph.style.name, words))
    return found


def test_bold_italics_lines_and_paragraphs():
    note = "The guard **was open** and *nobody* signed.\nSecond line\n\nNew paragraph"
    assert written(note) == [
        ("Body Text", "The guard *was open* and _nobody_ signed.\nSecond line"),
        ("Body Text", "New paragraph"),
    ]


def test_lists_take_the_styles_of_the_template():
    assert written("Seen:\n\n- one\n- two\n  - deeper\n\n1. first\n2. second") == [
        ("Body Text", "Seen:"), ("List Bullet", "one"), ("List Bullet", "two"), ("List Bullet 2", "deeper"),
        ("List Number", "first"), ("List Number", "second"),
    ]  # fmt: skip


def test_each_numbered_list_begins_at_its_own_number():
    document = render(SOURCE, {"note": "1. a\n2. b\n\ntext\n\n1. c\n\ntext\n\n5. e"})
    numbers = re.findall(r'<w:numId w:val="(\d+)"/>', body(document))
    numbering = parts(document)["word/numbering.xml"].decode()
    assert numbers[0] == numbers[1]
    assert len(set(numbers)) == 3
    starts = re.findall(rf'<w:num w:numId="(?:{"|".join(numbers)})">.*?startOverride w:val="(\d+)"', numbering)
    assert starts == ["1", "1", "5"]


def test_headings_become_bold_and_make_no_chapters():
    assert written("# Press *line*") == [("Body Text", "*Press **line*")]


def test_links_are_told_in_words():
    assert written("See [the act](https://ontario.ca/x) and <https://example.ca>.") == [
        ("Body Text", "See the act (https://ontario.ca/x) and https://example.ca.")
    ]
    assert "hyperlink" not in body(render(SOURCE, {"note": "[a](https://b.ca)"}))


@pytest.mark.parametrize(
    "note",
    [
        "> 5 ppm & <b>loud</b>", "<script>alert(1)</script>", "R&D &amp; 5 < 6", "{{ 7*7 }} {% x %}", "    four spaces",
        "[F-01, E-03] seen_on_site",
    ],
)  # fmt: skip
def test_what_is_no_markdown_of_ours_stays_as_typed(note):
    assert written(note) == [("Body Text", note.strip())]


def test_nothing_typed_is_an_empty_paragraph_and_a_bare_entry_is_kept():
    assert written("") == [("Body Text", "")]
    assert ("List Bullet", "") in written("- \n- x")


def test_a_cell_names_the_style_of_its_text():
    assert written("x **y**", template("{{p note|markdown('Quote') }}", "end")) == [("Quote", "x *y*")]


def test_without_the_styles_lists_are_typed():
    styles = parts(SOURCE)["word/styles.xml"].decode()
    bare = re.sub(r'<w:style [^>]*w:styleId="(?:List|BodyText)[^"]*".*?</w:style>', "", styles, flags=re.DOTALL)
    source = rebuilt(SOURCE, {"word/styles.xml": bare.encode()})
    assert written("- one\n\n3. three\n4. four", source) == [
        ("Normal", "• one"), ("Normal", "3. three"), ("Normal", "4. four")
    ]  # fmt: skip


def test_the_linter_knows_the_filter_and_the_styles_it_needs():
    path = next(one for one in STARTERS if one.stem == "policy")
    source = with_paragraph_xml(path.read_bytes(), "<w:p><w:r><w:t>{{p document.title|markdown }}</w:t></w:r></w:p>")
    assert [n for n in examined(source, "policy", "en").notices if n.about == "style"] == []
    styles = parts(source)["word/styles.xml"].decode().replace('"List Number"', '"Another"')
    without = rebuilt(source, {"word/styles.xml": styles.encode()})
    assert Notice("style", "List Number") in examined(without, "policy", "en").notices
    assert sample("policy", "en")["document"]["title"] in body(render(source, sample("policy", "en")))
