"""Native Word charts: drawn once by an author, filled for each client."""

import io

import openpyxl
import pytest

from document_templates.refusals import ChartMismatch, UnknownPlaceholder
from document_templates.rendering import render
from tests.document_templates.word_files import body, cached, opened, parts, rebuilt, template, with_chart

FIGURES = {
    "categories": ["4 Context & <aims>", "5 Leadership"],
    "series": [{"name": "Effective", "values": [3, None]}, {"name": "Absent", "values": [1, 2.5]}],
    "alt": "Leadership is \"ahead\" & rising",
}


def two_series():
    return with_chart(template("before"), "by_clause", series=2)


def test_a_chart_shows_the_figures_and_keeps_its_look():
    document = render(two_series(), {"charts": {"by_clause": FIGURES}})
    chart = parts(document)["word/charts/chart1.xml"]
    categories = ["4 Context & <aims>", "5 Leadership"]
    assert cached(chart) == [("Effective", categories, ["3"]), ("Absent", categories, ["1", "2.5"])]
    assert b'schemeClr val="accent4"' in chart
    assert chart.count(b"<c:formatCode>0;;</c:formatCode>") == 2
    assert b"<c:f>Sheet1!$C$2:$C$3</c:f>" in chart
    assert opened(document).paragraphs[0].text == "before"


def test_edit_data_opens_the_same_figures():
    document = render(two_series(), {"charts": {"by_clause": FIGURES}})
    sheet = openpyxl.load_workbook(io.BytesIO(parts(document)["word/embeddings/chart1.xlsx"]))["Sheet1"]
    assert [[cell.value for cell in row] for row in sheet.iter_rows()] == [
        [None, "Effective", "Absent"],
        ["4 Context & <aims>", 3, 1],
        ["5 Leadership", None, 2.5],
    ]


def test_a_category_that_looks_like_a_formula_stays_text():
    figures = {"categories": ["=HYPERLINK(1)"], "series": [{"name": "=1+1", "values": [1]}]}
    document = render(with_chart(template(), "by_clause"), {"charts": {"by_clause": figures}})
    sheet = openpyxl.load_workbook(io.BytesIO(parts(document)["word/embeddings/chart1.xlsx"]))["Sheet1"]
    assert {cell.data_type for row in sheet.iter_rows() for cell in row if cell.value} == {"s", "n"}


def test_a_chart_without_words_of_its_own_is_described_by_the_data():
    document = render(two_series(), {"charts": {"by_clause": FIGURES}})
    assert 'descr="Leadership is &quot;ahead&quot; &amp; rising"' in body(document)


def test_charts_do_not_disturb_same_input_same_bytes():
    fields = {"charts": {"by_clause": FIGURES}}
    assert render(two_series(), fields) == render(two_series(), fields)


def test_a_chart_left_out_by_a_condition_leaves_nothing_behind():
    source = with_chart(template("x"), "by_clause", before="{%p if show %}", after="{%p endif %}")
    figures = {"categories": ["a"], "series": [{"name": "s", "values": [1]}]}
    shown = render(source, {"show": 1, "charts": {"by_clause": figures}})
    assert "word/charts/chart1.xml" in parts(shown)
    left_out = render(source, {"show": 0, "charts": {}})
    found = parts(left_out)
    assert [name for name in found if "chart" in name or "embed" in name] == []
    assert b"chart1" not in found["[Content_Types].xml"] + found["word/_rels/document.xml.rels"]
    assert opened(left_out).paragraphs[0].text == "x"


@pytest.mark.parametrize(
    ("series", "says"),
    [
        ([], "draws 1 series and is given 0"),
        ([{"name": "s", "values": [1, 2]}], "2 values for 1 categories"),
        ([{"name": "s", "values": ["1"]}], "not a number"),
        ([{"name": "s", "values": [float("nan")]}], "not a number"),
    ],
)
def test_figures_that_do_not_fit_are_refused(series, says):
    with pytest.raises(ChartMismatch, match=says):
        render(with_chart(template(), "k"), {"charts": {"k": {"categories": ["a"], "series": series}}})


def test_a_chart_never_keeps_the_figures_of_its_template():
    with pytest.raises(UnknownPlaceholder, match="Did you mean “charts.by_clause”"):
        render(with_chart(template(), "by_clauses"), {"charts": {"by_clause": FIGURES}})


def test_a_drawing_renamed_by_an_editor_is_known_by_its_description():
    source = with_chart(template(), "Object1")
    tag = body(source).replace('name="Object1"', 'name="Object1" descr="{{ charts.by_clause.alt }}"')
    figures = {"categories": ["a"], "series": [{"name": "s", "values": [1]}], "alt": "one bar"}
    document = render(rebuilt(source, {"word/document.xml": tag.encode()}), {"charts": {"by_clause": figures}})
    assert cached(parts(document)["word/charts/chart1.xml"]) == [("s", ["a"], ["1"])]
    assert 'descr="one bar"' in body(document)
