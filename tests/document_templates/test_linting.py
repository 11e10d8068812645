"""What an author is told about a template: every unknown name with its place, and what could be better."""

from io import BytesIO

import docx.oxml
import pytest
from docx.oxml.ns import qn

from document_templates import library
from document_templates.intake import inspect_archive
from document_templates.linting import Notice, UnknownPlaceholders, examined
from document_templates.refusals import ActiveContent, ForbiddenTag, UnknownPlaceholder, UnreadableTemplate
from document_templates.sample_fields import kinds
from document_templates.shapes import shape_of
from tests.document_templates.word_files import picture, rebuilt, table_of, template, with_chart

LOOP = (("Clause", "Title"), ("{%tr for c in clauses %}", ""), ("{{ c.number }}", "{{ c.title }}"),
        ("{%tr endfor %}", ""))  # fmt: skip


def report(content, kind="gap_report", language="en"):
    return examined(content, kind, language)


def refused(*paragraphs, build=None, kind="gap_report"):
    with pytest.raises(UnknownPlaceholders) as told:
        report(template(*paragraphs, build=build), kind)
    return told.value.sentences


def notices(content, about):
    return [one.what for one in report(content).notices if one.about == about]


@pytest.mark.parametrize("kind", kinds())
def test_our_own_starters_have_nothing_to_mend(kind):
    assert report(library.starter(kind).content, kind).notices == []


def test_a_misspelt_placeholder_is_told_with_its_place_and_the_nearest_name():
    (sentence,) = refused("Good morning.", "Dear {{ cleint.contact }},")
    assert "“cleint.contact”" in sentence
    assert "in paragraph 2" in sentence
    assert "Did you mean “client.contact”?" in sentence


def test_every_misspelt_placeholder_is_told_at_once_also_where_no_sample_would_reach():
    sentences = refused(
        "{% if summary.conclusion == 'never' %}{{ client.naem }}{% endif %}",
        build=table_of(("Clause",), ("{%tr for c in clauses %}",), ("{{ c.titel }}",), ("{%tr endfor %}",)),
    )
    assert ["client.naem" in sentences[0], "c.titel" in sentences[1], "in table 1" in sentences[1]] == [True] * 3
    assert "“c.title”" in sentences[1]


def test_names_are_those_of_the_kind_of_document():
    assert report(template("{{ policy.statement }}"), "policy").known == ["policy.statement"]
    assert "policy.statement" in refused("{{ policy.statement }}", kind="roadmap")[0]


def test_loops_filters_and_set_names_are_followed():
    used = report(
        template(
            "{% set first = clauses|first %}{{ first.title }}{% for c in clauses|reverse %}"
            "{% for r in c.requirements %}{{ loop.index }} {{ r['code'] }} {{ r.seen|default('') }}"
            "{% if c.nothing is defined %}x{% endif %}{% endfor %}{% endfor %}"
        )
    )
    assert used.known == ["clauses[].requirements[].code", "clauses[].requirements[].seen", "clauses[].title"]


def test_what_is_on_offer_and_not_used_is_listed():
    unused = report(template("{{ client.name }} {{ summary.lead }}")).unused
    assert {"summary.readiness", "client.contact", "strengths"} <= set(unused)
    assert not {"client.name", "summary.lead", "document.title"} & set(unused)


def test_a_chart_without_data_is_told():
    (sentence,) = _strays_of(with_chart(template("Results"), "by_clouse"))
    assert "“charts.by_clouse”" in sentence
    assert "“charts.by_clause”" in sentence


def _strays_of(content):
    with pytest.raises(UnknownPlaceholders) as told:
        report(content)
    return told.value.sentences


def test_a_table_that_grows_needs_a_row_that_is_repeated():
    plain = template(build=table_of(*LOOP))
    assert notices(plain, "header_row") == ["1"]

    def with_header(document):
        table_of(*LOOP)(document)
        row = document.tables[0].rows[0]._tr.get_or_add_trPr()
        row.append(docx.oxml.OxmlElement("w:tblHeader"))

    assert notices(template(build=with_header), "header_row") == []


def test_a_picture_without_words_and_a_missing_style_are_told():
    def drawn(document):
        document.add_picture(BytesIO(picture()))

    assert notices(template(build=drawn), "alt_text") == ["Picture 1"]
    chips = template("{% for d in documents %}", "{{p d.state|document_chip }}", "{% endfor %}")
    assert "LegalCompliant" in notices(chips, "style")
    assert "EvidenceRef" in notices(template("{{r summary.lead|marked }}"), "style")


def test_a_template_says_its_language_and_long_kinds_have_contents():
    def french(document):
        language = document.styles.element.find(f".//{qn('w:lang')}")
        language.set(qn("w:val"), "fr-CA")

    def speechless(document):
        language = document.styles.element.find(f".//{qn('w:lang')}")
        language.getparent().remove(language)

    assert notices(template(build=french), "other_language") == ["fr-CA"]
    assert report(template(build=french), language="fr").notices == [Notice("contents")]
    assert notices(template(build=speechless), "language") == [""]
    assert Notice("contents") not in report(template("One page."), "policy").notices


def test_what_cannot_be_filled_does_not_pass():
    with pytest.raises(UnreadableTemplate, match="paragraph 1"):
        report(template("{{ client.name"))
    with pytest.raises(UnreadableTemplate, match="division by zero"):
        report(template("{{ summary.major / 0 }}"))
    with pytest.raises(ForbiddenTag):
        report(template("{{ ''.__class__ }}"))
    with pytest.raises(UnknownPlaceholder):  # no name of any document: only the trial can tell
        report(template("{{ (clauses if clauses else 1).name }}"))


def test_the_gate_comes_before_everything_else():
    infected = rebuilt(template("{{ cleint.name }}"), {"word/vbaProject.bin": b"macro"})
    with pytest.raises(ActiveContent):
        report(infected)
    inspect_archive(template("{{ cleint.name }}"), kind="docx")


def test_entries_of_a_list_are_laid_over_each_other():
    shape = shape_of({"rows": [{"a": [], "b": 1}, {"a": [{"c": 1}], "d": {}}]})
    assert sorted(shape.names["rows"].each.names) == ["a", "b", "d"]
    assert sorted(shape.names["rows"].each.names["a"].each.names) == ["c"]
