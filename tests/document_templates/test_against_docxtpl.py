"""The syntax is docxtpl's: what stock docxtpl writes is what ours writes, for each construct that authors know."""

import io
import re

import pytest
from docxtpl import DocxTemplate

from document_templates.rendering import render
from tests.document_templates.word_files import body, opened, table_of, template, texts, with_paragraph_xml

FIELDS = {
    "a": "plain text",
    "n": 3,
    "yes": True,
    "rows": [{"name": "Ana", "tags": ["x", "y"]}, {"name": "Bo", "tags": ["z", "w"]}],
    "heads": ["Plan", "Do", "Check"],
    "colour": "FFAA00",
    "marks": "a <b>bold</b> & R&D “quoted” 5 < 6 {{ n }}",
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
    "nested loops": ("{%p for r in rows %}", "{{ r.name }}:", "{%p for t in r.tags %}", "- {{ t }}", "{%p endfor %}",
                     "{%p endfor %}"),
    "condition in a loop": ("{%p for r in rows %}", "{%p if loop.first %}", "first {{ r.name }}", "{%p endif %}",
                            "{{ loop.index }} of {{ loop.length }}", "{%p endfor %}"),
    "else if": ("{% if n == 1 %}one{% elif n == 3 %}three{% else %}many{% endif %}",),
    "value set aside": ("{% set m = n + 1 %}{{ m }}",),
    "choice in a value": ("{{ 'yes' if yes else 'no' }}",),
    "filters in a row": ("{{ a|title|trim }} {{ heads|join(', ') }}",),
    "default": ("{{ a|default('none') }} {{ heads|length }} {{ heads|first }} {{ heads|last }}",),
    "tests": ("{% if a is defined and n is odd %}odd{% endif %}",),
    "white space kept": ("  {{ a }}   {{ n }}  ",),
    "words with marks": ("{{ marks }}",),
    "paragraph comment in between": ("before", "{#p not printed #}", "after"),
    "run loop": ("{%r for h in heads %}{{ h }} {%r endfor %}",),
    "numbers": ("{{ n / 2 }} {{ n // 2 }} {{ n % 2 }} {{ -n }}",),
    "item by place and by name": ("{{ rows[1]['name'] }} {{ rows[0].tags[1] }}",),
    "part of a list": ("{% for h in heads[1:] %}{{ h }} {% endfor %}",),
}
TABLES = {
    "row loop": (("{%tr for r in rows %}", ""), ("{{ r.name }}", "{{ r.tags[0] }}"), ("{%tr endfor %}", "")),
    "cell loop": (("{%tc for h in heads %}", "{{ h }}", "{%tc endfor %}"),),
    "coloured cell": (("{% cellbg colour %}{{ a }}", "x"),),
    "spanning cell": (("{% colspan 2 %}{{ a }}",), ("b",)),
    "row condition": (("{%tr if yes %}", ""), ("{{ a }}", "{{ n }}"), ("{%tr endif %}", ""), ("last", "row")),
    "row loop with a cell loop": (
        ("{%tr for r in rows %}", "", ""), ("{%tc for t in r.tags %}", "{{ t }}", "{%tc endfor %}"),
        ("{%tr endfor %}", "", ""),
    ),
    "loop inside a cell": (("{% for r in rows %}{{ r.name }} {% endfor %}", "{{ n }}"),),
    "colour by condition": (("{% cellbg colour if yes else 'FFFFFF' %}{{ a }}", "x"),),
    "span by a value": (("{% colspan heads|length %}{{ a }}",), ("b",)),
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


SPLIT = {
    "over runs": "<w:r><w:t>{</w:t></w:r><w:r><w:rPr><w:b/></w:rPr><w:t>{ a </w:t></w:r><w:r><w:t>}}</w:t></w:r>",
    "with marks of an editor": (
        '<w:r w:rsidR="00A1"><w:t>{{</w:t></w:r><w:proofErr w:type="spellStart"/>'
        '<w:r w:rsidR="00B2"><w:t> a</w:t></w:r>'
        '<w:proofErr w:type="spellEnd"/><w:r><w:t xml:space="preserve"> }}</w:t></w:r>'
    ),
    "around a bookmark": (
        '<w:r><w:t>{{ a</w:t></w:r><w:bookmarkStart w:id="9" w:name="here"/><w:bookmarkEnd w:id="9"/>'
        "<w:r><w:t> }}</w:t></w:r>"
    ),
    "in a hyperlink": '<w:hyperlink w:anchor="here"><w:r><w:t>{{ a }}</w:t></w:r></w:hyperlink>',
    "in a content control": "<w:sdt><w:sdtContent><w:r><w:t>{{ a }}</w:t></w:r></w:sdtContent></w:sdt>",
    "with curly quotes": "<w:r><w:t>{% if a == “plain text” %}equal{% endif %}</w:t></w:r>",
    "with a tab before": '<w:r><w:tab/><w:t xml:space="preserve"> {{ a }}</w:t></w:r>',
}


@pytest.mark.parametrize("how", SPLIT)
def test_tags_come_out_as_with_docxtpl_however_word_saved_them(how):
    source = with_paragraph_xml(template("before"), f"<w:p>{SPLIT[how]}</w:p>")
    assert re.findall("plain text|equal", shape(render(source, FIELDS)))
    assert texts(render(source, FIELDS)) == texts(written(source))


def written(source: bytes) -> bytes:
    document = DocxTemplate(io.BytesIO(source))
    document.render(FIELDS, autoescape=True)
    stream = io.BytesIO()
    document.save(stream)
    return stream.getvalue()


def test_headers_footers_and_properties_come_out_as_with_docxtpl():
    def build(document):
        section = document.sections[0]
        section.different_first_page_header_footer = True
        section.header.paragraphs[0].text = "{{ a }} {{ n }}"
        section.first_page_header.paragraphs[0].text = "first {{ a }}"
        section.footer.paragraphs[0].text = "{% for h in heads %}{{ h }} {% endfor %}"
        document.core_properties.title = "{{ a }}"
        document.core_properties.subject = "{{ marks }}"

    source = template("text", build=build)
    ours, theirs = opened(render(source, FIELDS)), opened(written(source))
    for part in ("header", "first_page_header", "footer"):
        one, other = (getattr(document.sections[0], part).paragraphs[0].text for document in (ours, theirs))
        assert one == other
    assert ours.core_properties.title == theirs.core_properties.title == "plain text"
    assert ours.core_properties.subject == FIELDS["marks"]
