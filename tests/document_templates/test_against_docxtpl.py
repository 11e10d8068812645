"""The syntax is docxtpl's: what stock docxtpl writes is what ours writes, for each construct that authors know."""

import io
import re

import pytest
from docxtpl import DocxTemplate

from document_templates.rendering import render
from tests.document_templates.word_files import body, table_of, template

FIELDS = {
    "a": "plain text",
    "n": 3,
    "yes": True,
    "rows": [{"name": "Ana", "tags": ["x", "y"]}, {"name": "Bo", "tags": ["z", "w"]}],
    "heads": ["Plan", "Do", "Check"],
    "colour": "FFAA00",
}

PARAGRAPHS = {
    "text": ("before {{ a }} after",),
    "arithmetic": ("{{ n * 2 }} and {{ a|upper }}",),
    "paragraph loop": ("{%p for r in rows %}", "{{ r.name }}", "{%p endfor %}"),
    "paragraph condition": ("{%p if yes %}", "shown", "{%p else %}", "hidden", "{%p endif %}", "end"),
    "run condition": ("x {%r if yes %}y{%r endif %} z",),
    "inline loop": ("{% for r in rows %}{{ r.name }}{% if not loop.last %}, {% endif %}{% endfor %}",),
    "joined lines": ("first {%- if yes %}", "second{% endif %}"),
    "comment": ("seen{# not seen #}", "{#p whole paragraph #}"),
    "literal braces": ("{_{ a }_} {_% x %_}",),
}
TABLES = {
    "row loop": (("{%tr for r in rows %}", ""), ("{{ r.name }}", "{{ r.tags[0] }}"), ("{%tr endfor %}", "")),
    "cell loop": (("{%tc for h in heads %}", "{{ h }}", "{%tc endfor %}"),),
    "coloured cell": (("{% cellbg colour %}{{ a }}", "x"),),
    "spanning cell": (("{% colspan 2 %}{{ a }}",), ("b",)),
    "merged down": (("{%tr for r in rows %}", ""), ("{% vm %}once", "{{ r.name }}"), ("{%tr endfor %}", "")),
}


def stock(source: bytes) -> str:
    document = DocxTemplate(io.BytesIO(source))
    document.render(FIELDS, autoescape=True)
    stream = io.BytesIO()
    document.save(stream)
    return shape(stream.getvalue())


def shape(document: bytes) -> str:
    """The body without what may differ: name spaces, white space between elements, empty text."""
    xml = re.sub(r' xmlns:\w+="[^"]*"| xml:space="preserve"', "", body(document))
    xml = re.sub(r">\s+<", "><", xml[xml.index("<w:body>") :])
    return re.sub(r"<w:t></w:t>", "<w:t/>", xml)


@pytest.mark.parametrize("what", PARAGRAPHS)
def test_paragraphs_come_out_as_with_docxtpl(what):
    source = template(*PARAGRAPHS[what])
    assert shape(render(source, FIELDS)) == stock(source)


@pytest.mark.parametrize("what", TABLES)
def test_tables_come_out_as_with_docxtpl(what):
    source = template(build=table_of(*TABLES[what]))
    assert shape(render(source, FIELDS)) == stock(source)
