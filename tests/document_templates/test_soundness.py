"""What is said to stay well-formed does, whatever the fields are; what is not is read before it leaves."""

import itertools
import random
from xml.parsers import expat

import pytest

from document_templates.library import STARTERS
from document_templates.refusals import UnreadableTemplate
from document_templates.rendering import CompiledTemplate, render
from document_templates.tags import FilledPart
from tests.document_templates.word_files import body, table_of, template, texts, with_paragraph_xml

PIECES = [
    "<w:p>", "</w:p>", "<w:r>", "</w:r>", "<w:t>words</w:t>", "<w:t>", "</w:t>", "<w:br/>", "words &amp; more",
    '<w:shd w:fill="{{ a }}"/>', '<w:shd w:fill="{% if a %}one{% else %}two{% endif %}"/>', "{{ a }}",
    "{{ note|marked }}",
    '<w:c w:v="1" w:v="2"/>', "{% if a %}", "{% if b %}", "{% else %}", "{% endif %}", "{% for x in rows %}",
    "{% endfor %}",
    "</w:t></w:r><w:r><w:t>", "<w:c w:v='{{ a }}'/>", '<w:c w:v="{{ note|marked }}"/>', "&", "]]>",
]  # fmt: skip


def well_formed(xml: bytes) -> bool:
    try:
        expat.ParserCreate().Parse(xml, True)
    except expat.ExpatError:
        return False
    return True


def test_no_proof_is_wrong_whatever_conditions_and_loops_hold():
    chance = random.Random(1)  # noqa: S311 - the same templates each time
    proofs, found_broken = 0, 0
    for _ in range(6000):
        inside = "".join(chance.choices(PIECES, k=chance.randint(1, 6)))
        if chance.random() < 0.7:
            around = chance.choice(("{{% if a %}}{}{{% endif %}}", "{{% for x in rows %}}{}{{% endfor %}}"))
            inside = around.format(inside) + "".join(chance.choices(PIECES, k=2))
        try:
            part = FilledPart("word/document.xml", f"<w:body><w:p><w:r><w:t>{inside}</w:t></w:r></w:p></w:body>")
        except UnreadableTemplate:
            continue
        except Exception as error:  # noqa: BLE001 - a tag that is not closed, in Jinja's own words
            assert "emplate" in type(error).__name__, error
            continue
        for a, b, rows in itertools.product(("", "one < & \"two\"\nthree"), ("", "b"), ([], [1, 2])):
            filled = part.fill({"a": a, "b": b, "rows": rows, "note": "[F-12]"})
            whole = well_formed(filled.xml)
            assert whole or not filled.proved, part.source
            proofs += filled.proved
            found_broken += not whole
    assert proofs > 1000
    assert found_broken > 1000


@pytest.mark.parametrize("path", sorted(STARTERS.glob("*.docx")), ids=lambda path: path.stem)
def test_every_starter_is_proved(path):
    assert all(part.proved for part in CompiledTemplate(path.read_bytes()).parts)


def test_a_condition_from_a_paragraph_into_a_cell_is_refused():
    straddling = template("{% if yes %}one", build=table_of(("two{% endif %}", "three")))
    assert texts(render(straddling, {"yes": True})) == ["one"]
    with pytest.raises(UnreadableTemplate, match="ends in another"):
        render(straddling, {"yes": False})


def test_a_chip_in_an_attribute_is_found():
    coloured = with_paragraph_xml(template("words"), '<w:p><w:pPr><w:shd w:fill="{{ r|chip }}"/></w:pPr></w:p>')
    with pytest.raises(UnreadableTemplate):
        render(coloured, {"r": "3"})


def test_no_value_forges_a_mark():
    said = "".join(map(chr, range(1, 9))) + "heading"
    document = render(template("{{ said }}", "{{r said|marked }}"), {"said": said})
    assert texts(document) == ["heading", "heading"]
    assert not any(mark in body(document) for mark in "\x01\x02\x03\x04\x05")
