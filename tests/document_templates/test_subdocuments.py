"""Sub-documents and parts in the place of others: laid in by stock docxtpl, written by ours, the same as stock."""

import io
import re

import pytest
from docxtpl import DocxTemplate

from document_templates.refusals import ActiveContent, UnusableReplacement
from document_templates.rendering import render
from document_templates.subdocuments import Replacements, SubDocument
from tests.document_templates.test_intake import workbook
from tests.document_templates.test_values_against_docxtpl import JPEG, PNG, R, saved, shape, stock
from tests.document_templates.word_files import (
    body,
    parts,
    picture,
    rebuilt,
    table_of,
    template,
    texts,
    with_chart,
    with_relationship,
)


def chapter() -> bytes:
    def build(document):
        document.add_heading("Chapter", 1)
        document.add_paragraph("a list", style="List Number")
        document.add_paragraph("is {{ not.filled }} & stays")
        document.add_picture(io.BytesIO(PNG))
        table_of(("a", "b"))(document)

    return template("words of a chapter", build=build)


def test_a_sub_document_brings_its_text_pictures_tables_and_lists():
    source = template("before", "{{p chapter }}", "after")

    def theirs(document):
        return {"chapter": document.new_subdoc(io.BytesIO(chapter()))}

    ours = render(source, {"chapter": SubDocument(chapter())})
    assert without_numbers(shape(ours)) == without_numbers(shape(stock(source, theirs)))
    assert "is {{ not.filled }} & stays" in texts(ours)
    assert ours == render(source, {"chapter": SubDocument(chapter())})
    assert [style for style in styles_of(ours) if style not in defined_in(ours)] == []


def without_numbers(xml: str) -> str:
    return re.sub(r'w:numId w:val="\d+"', "", xml)


def styles_of(document: bytes) -> set[str]:
    return set(re.findall(r'<w:(?:pStyle|rStyle|tblStyle) w:val="([^"]+)"', body(document)))


def defined_in(document: bytes) -> set[str]:
    return set(re.findall(r'w:styleId="([^"]+)"', parts(document)["word/styles.xml"].decode()))


def test_sub_documents_repeat_and_are_finished_like_the_rest():
    source = template("{{ contents }}", "{%p for c in chapters %}", "{{p c.text }}", "{%p endfor %}")
    fields = {"chapters": [{"text": SubDocument(chapter())}, {"text": SubDocument(chapter())}]}
    document = render(source, fields)
    assert texts(document).count("words of a chapter") == 2
    assert texts(document)[:2] == ["Chapter", "Chapter"]  # on the contents page
    numbers = re.findall(r'<wp:docPr [^>]*?\bid="(\d+)"', body(document))
    assert sorted(numbers) == sorted(set(numbers))


def test_a_hostile_sub_document_does_not_come_in_through_the_fields():
    link = f'<Relationship Id="rIdX" Type="{R}/image" Target="https://evil.example/p" TargetMode="External"/>'
    with pytest.raises(ActiveContent):
        render(template("{{p chapter }}"), {"chapter": SubDocument(with_relationship(chapter(), link))})


def with_pictures() -> bytes:
    def build(document):
        document.add_picture(io.BytesIO(PNG))
        document.sections[0].header.paragraphs[0].add_run().add_picture(io.BytesIO(JPEG))

    return with_chart(template("{{ a }}", build=build), "by_clause")


CHART = {"charts": {"by_clause": {"categories": ["x"], "series": [{"name": "s", "values": [1]}]}}}


def test_pictures_are_replaced_by_name_as_with_docxtpl():
    source = template("{{ a }}", build=lambda document: document.add_picture(io.BytesIO(PNG)))
    new = picture(size=(7, 7))
    name = re.search(r'<pic:cNvPr id="0" name="([^"]*)"', body(source))[1]
    document = DocxTemplate(io.BytesIO(source))
    document.render({"a": "x"}, autoescape=True)
    document.replace_pic(name, io.BytesIO(new))
    ours = render(source, {"a": "x", "replacements": Replacements(pictures={name: new})})
    assert shape(ours) == shape(saved(document))
    assert new in parts(ours).values()


def test_media_are_replaced_by_their_bytes_in_the_header_too_as_with_docxtpl():
    new = picture("JPEG", size=(9, 9))
    source = with_pictures()
    document = DocxTemplate(io.BytesIO(source))
    document.replace_media(io.BytesIO(JPEG), io.BytesIO(new))
    document.render({"a": "x", **CHART}, autoescape=True)
    ours = render(source, {"a": "x", "replacements": Replacements(media=((JPEG, new),)), **CHART})
    assert shape(ours, "word/header1.xml") == shape(saved(document), "word/header1.xml")
    assert new in parts(ours).values()
    assert JPEG not in parts(ours).values()


def test_embedded_workbooks_are_replaced_by_bytes_and_by_name_as_with_docxtpl(tmp_path):
    source, new = embedding(), workbook()
    old = parts(source)["word/embeddings/table.xlsx"]
    (tmp_path / "new.xlsx").write_bytes(new)
    (tmp_path / "old.xlsx").write_bytes(old)
    by_bytes, by_name = DocxTemplate(io.BytesIO(source)), DocxTemplate(io.BytesIO(source))
    by_bytes.replace_embedded(tmp_path / "old.xlsx", tmp_path / "new.xlsx")
    by_name.replace_zipname("word/embeddings/table.xlsx", tmp_path / "new.xlsx")
    for document, wanted in (
        (by_bytes, Replacements(embedded=((old, new),))),
        (by_name, Replacements(parts={"word/embeddings/table.xlsx": new})),
    ):
        document.render({"a": "x"}, autoescape=True)
        ours = parts(render(source, {"a": "x", "replacements": wanted}))
        assert ours["word/embeddings/table.xlsx"] == parts(saved(document))["word/embeddings/table.xlsx"] == new


def embedding() -> bytes:
    row = f'<Relationship Id="rIdE" Type="{R}/package" Target="embeddings/table.xlsx"/>'
    source = with_relationship(template("{{ a }}"), row)
    kind = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
    types = parts(source)["[Content_Types].xml"].decode()
    types = types.replace("</Types>", f'<Default Extension="xlsx" ContentType="{kind}"/></Types>')
    old = rebuilt(workbook(), {"xl/old.xml": b"<x/>"})
    return rebuilt(source, {"word/embeddings/table.xlsx": old, "[Content_Types].xml": types.encode()})


def test_one_template_writes_several_documents_as_with_docxtpl():
    source = template("{{ a }}", build=lambda document: document.add_picture(io.BytesIO(PNG)))
    name = re.search(r'<pic:cNvPr id="0" name="([^"]*)"', body(source))[1]
    for side in (5, 6):
        new = picture(size=(side, side))
        document = DocxTemplate(io.BytesIO(source))
        document.reset_replacements()
        document.replace_pic(name, io.BytesIO(new))
        document.render({"a": side}, autoescape=True)
        ours = render(source, {"a": side, "replacements": Replacements(pictures={name: new})})
        assert shape(ours) == shape(saved(document))
    assert PNG in parts(render(source, {"a": "x"})).values()  # the template itself keeps its dummy


@pytest.mark.parametrize(
    "wanted",
    [
        Replacements(pictures={"nowhere.png": PNG}),
        Replacements(pictures={"x": b"MZ"}),
        Replacements(media=((b"other", PNG),)),
        Replacements(media=((PNG, JPEG),)),
        Replacements(parts={"word/document.xml": b"<x/>"}),
        Replacements(parts={"word/media/none.png": PNG}),
    ],
)
def test_what_is_not_there_or_of_another_kind_is_not_replaced(wanted):
    source = template("x", build=lambda document: document.add_picture(io.BytesIO(PNG)))
    with pytest.raises(UnusableReplacement) as refused:
        render(source, {"replacements": wanted})
    assert refused.value.sentence.endswith(".")
