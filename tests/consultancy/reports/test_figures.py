"""What a chart draws is what the table beside it says, and what neither of them says is left out."""

import json
from datetime import date, timedelta

import pytest
import sqlalchemy as sa

from consultancy.models.assessment import Observation
from consultancy.reports import ASSEMBLE
from document_templates.rendering import render
from document_templates.sample_fields import sample
from tenants.database import db
from tests.consultancy.reports.practice import (
    STARTERS,
    TODAY,
    assemble,
    assessed,
    engagement,
    practice,
    rate,
    rate_all,
    words_of,
    written,
)
from tests.document_templates.word_files import cached, parts
from tests.factories import (
    make_corrective_action,
    make_evidence,
    make_evidence_link,
    make_finding,
    make_register_entry,
    make_site,
)

LATER = TODAY + timedelta(days=90)
GRADES = ("major", "minor", "ofi")
CHARTS = {
    "gap_report": {"by_clause", "readiness", "findings", "effort"},
    "corrective_action_plan": {"statuses"},
    "roadmap": {"effort"},
    "pre_audit_report": {"findings"},
}


def gap_fields(language="en", count=40):
    made = engagement()
    rate_all(assessed(made), count)
    for number, (grade, code) in enumerate(
        [("major", "6.1.3"), ("minor", "6.1.2.1"), ("ofi", "9.3"), ("strength", "5.4")], start=1
    ):
        make_finding(engagement=made, grade=grade, requirement=code, number=number, legal_duty="OHSA 9(12)")
    return made, assemble("gap_report", made, language=language)[1]


def adds_up(table):
    return table["totals"] == {name: sum(row[name] for row in table["rows"]) for name in (*GRADES, "total")}


def drawn(chart):
    return {one["name"]: one["values"] for one in chart["series"]}


def days(text):
    return float(text.partition(" ")[0].replace(",", ".").replace("–", "0"))


def test_findings_of_the_chart_the_table_and_the_summary_are_the_same(database_app):
    with practice(database_app):
        _made, fields = gap_fields()
    table, chart = fields["findings_by_clause"], fields["charts"]["findings"]
    assert adds_up(table)
    assert [list(values) for values in drawn(chart).values()] == [[row[g] for row in table["rows"]] for g in GRADES]
    assert (table["totals"]["major"], table["totals"]["minor"]) == (
        fields["summary"]["major"],
        fields["summary"]["minor"],
    )
    assert table["totals"]["total"] == 3
    assert "6 Planning (2 of 3)" in table["message"]


def test_the_radar_shows_the_percentages_of_the_table_and_names_the_lowest(database_app):
    with practice(database_app):
        _made, fields = gap_fields()
    shown = [f"{value}%" for value in fields["charts"]["readiness"]["series"][0]["values"]]
    assert shown == [clause["readiness"] for clause in fields["clauses"]]
    lowest = min(fields["charts"]["readiness"]["series"][0]["values"])
    assert fields["results"]["radar_message"].endswith(f"{lowest}%")
    assert f"{fields['results']['radar_message']}." in fields["charts"]["readiness"]["alt"]


def test_no_radar_while_readiness_is_withheld(database_app):
    with practice(database_app):
        _made, fields = gap_fields(count=20)
        words = words_of(written("gap_report", fields))
        document = render((STARTERS / "gap_report.docx").read_bytes(), fields)
    assert fields["charts"]["readiness"] == {}
    assert "the rings stand for" not in words
    assert b"radarChart" not in b"".join(data for name, data in parts(document).items() if "/chart" in name)


def test_effort_of_the_columns_is_the_effort_of_the_phases(database_app):
    with practice(database_app):
        made, gap = gap_fields()
        _, roadmap = assemble("roadmap", made)
    for fields in (gap, roadmap):
        phases, chart = fields["roadmap"]["phases"], fields["charts"]["effort"]
        assert chart["categories"] == [phase["name"] for phase in phases]
        assert chart["series"][0]["values"] == [days(phase["effort"]) for phase in phases]
        assert sum(chart["series"][0]["values"]) == days(fields["roadmap"]["effort"])


def test_actions_of_the_columns_are_the_totals_of_the_table(database_app):
    with practice(database_app):
        made = engagement()
        assessed(made)
        for number, (grade, status, due) in enumerate(
            [
                ("major", "open", TODAY - timedelta(days=1)), ("major", "open", LATER), ("minor", "closed", LATER),
                ("ofi", "planned", LATER), ("strength", "done", LATER),
            ], start=1,
        ):  # fmt: skip
            finding = make_finding(engagement=made, grade=grade, number=number)
            make_corrective_action(finding=finding, number=number, status=status, due=due)
        _, fields = assemble("corrective_action_plan", made)
    chart, totals = fields["charts"]["statuses"], fields["plan"]["totals"]
    summed = [sum(column) for column in zip(*drawn(chart).values(), strict=True)]
    assert summed == [totals[name] for name in ("closed", "verified", "done", "open", "planned", "overdue")]
    assert drawn(chart)["Major"] == [0, 0, 0, 1, 0, 1]


def test_open_findings_of_a_pre_audit_are_those_of_its_counts(database_app):
    with practice(database_app):
        made = engagement("pre_audit")
        rate_all(assessed(made))
        make_finding(engagement=made, grade="major", requirement="9.3", number=1, status="open")
        make_finding(engagement=made, grade="minor", requirement="9.3", number=2, status="closed")
        make_finding(engagement=made, grade="ofi", requirement="4.1", number=3, status="open")
        _, fields = assemble("pre_audit_report", made)
    table = fields["findings_by_clause"]
    assert adds_up(table)
    assert {grade: table["totals"][grade] for grade in GRADES} == {grade: fields["counts"][grade] for grade in GRADES}
    assert table["totals"]["total"] == 2


def test_every_task_stands_in_one_cell_of_the_calendar(database_app):
    dates = {
        "4.1": TODAY - timedelta(days=1), "4.2": TODAY, "4.4": date(2026, 6, 1), "5.1": date(2027, 2, 28),
        "5.2": date(2027, 3, 1), "9.3": None,
    }  # fmt: skip
    with practice(database_app):
        made = engagement()
        assessment = assessed(made)
        for code, due in dates.items():
            rate(assessment, code, 1, recommendation="Mend it", due=due)
        make_register_entry(engagement=made, document="A1", state="missing")
        _, fields = assemble("roadmap", made)
        words = words_of(written("roadmap", fields))
    calendar = fields["roadmap"]["timeline"]
    rows = {row["name"]: row for row in calendar["rows"]}
    assert list(rows) == ["4 Context", "5 Leadership", "9 Performance", "Documents"]
    bars = [month["bar"] for month in rows["4 Context"]["months"].values()]
    assert bars == ["due", "between", "between", "due", *[""] * 8]
    assert (rows["4 Context"]["overdue"], rows["5 Leadership"]["later"], rows["Documents"]["undated"]) == (1, 1, 1)
    assert rows["5 Leadership"]["months"]["m12"] == {"due": 1, "bar": "due"}
    for row in calendar["rows"]:
        inside = sum(month["due"] for month in row["months"].values())
        assert row["overdue"] + inside + row["later"] + row["undated"] == row["task_count"]
    assert calendar["totals"]["task_count"] == fields["roadmap"]["task_count"] == 7
    assert sum(calendar["totals"]["months"].values()) == 3
    assert "3 tasks due by the end of February 2027." in words


def test_sites_rated_one_by_one_stand_side_by_side(database_app):
    with practice(database_app):
        made = engagement()
        assessment = assessed(made)
        rate(assessment, "8.2", 2)
        _, alone = assemble("gap_report", made)
        north, south = (make_site(client=made.client, name=name) for name in ("North yard", "South yard"))
        rate(assessment, "8.2", 3, site_id=north.id)
        rate(assessment, "8.1.1", 1, site_id=north.id)
        rate(assessment, "8.2", None, site_id=south.id)
        rate(assessment, "9.3", 0, site_id=south.id)
        _, fields = assemble("gap_report", made)
        words = words_of(written("gap_report", fields)).splitlines()
    assert alone["heat_maps"] == []
    table = fields["heat_maps"][0]
    assert (table["site_count"], table["sites"]["first"], table["sites"]["third"]) == (2, "North yard", "")
    assert {
        row["number"]: [row["cells"][place]["rating"] for place in ("first", "second")] for row in table["rows"]
    } == {
        "8": ["1", "NV"],
        "9": ["", "0"],
    }
    assert table["rows"][0]["cells"]["first"]["note"] == "2 rated"
    start = words.index("By site")
    assert words[start + 3 : start + 6] == ["Clause", "North yard", "South yard"]


@pytest.mark.parametrize(("sites", "sizes"), [(2, [2]), (4, [4]), (5, [3, 2]), (7, [4, 3]), (9, [3, 3, 3])])
def test_many_sites_are_shared_out_evenly_and_none_stands_alone(database_app, sites, sizes):
    with practice(database_app):
        made = engagement()
        assessment = assessed(made)
        rate(assessment, "8.2", 2)
        for number in range(sites):
            rate(assessment, "8.2", 1, site_id=make_site(client=made.client, name=f"Site {number}").id)
        _, fields = assemble("gap_report", made)
        words = words_of(written("gap_report", fields)).splitlines()
    assert [table["site_count"] for table in fields["heat_maps"]] == sizes
    assert [name for name in (f"Site {number}" for number in range(sites)) if name not in words] == []


def test_the_legal_check_counts_its_own_rows_and_points_at_findings(database_app):
    with practice(database_app):
        made, _ = gap_fields()
        made.client.headcount, made.client.sector, made.client.jurisdiction = 61, "manufacturing", "ontario"
        _, fields = assemble("gap_report", made)
        made.client.jurisdiction = "federal"
        _, federal = assemble("gap_report", made)
        words = words_of(written("gap_report", federal))
    legal = fields["legal"]
    assert legal["counts"]["applies"] + legal["counts"]["check"] == legal["counts"]["total"] == len(legal["duties"])
    assert f"61 people, manufacturing), {legal['counts']['applies']} duties apply" in legal["lead"]
    certified = next(one for one in legal["duties"] if one["duty"].startswith("Certified members"))
    assert (certified["findings"], certified["certain"]) == ("F-01, F-02, F-03", "citation to be confirmed")
    assert federal["legal"]["duties"] == []
    assert "Canada Labour Code" in words
    assert "Duties by headcount and sector" not in words


def test_evidence_named_twice_stands_once_in_the_index(database_app):
    with practice(database_app):
        made = engagement()
        assessment = assessed(made)
        first = rate(assessment, "4.1", 1, "seen")
        rate(assessment, "4.2", 1, "seen")
        for observation in db.session.scalars(sa.select(Observation)):
            observation.evidence = "Minutes  of 12 Oct\n2026"
        db.session.flush()
        assert first.id
        _, fields = assemble("gap_report", made)
    assert fields["evidence"] == [
        {"number": "E-01", "text": "Minutes of 12 Oct 2026", "method": "Document", "clauses": "4.1, 4.2"}
    ]


def test_files_stand_in_the_index_after_what_observations_name(database_app):
    with practice(database_app):
        made = engagement()
        assessment = assessed(made)
        rate(assessment, "4.1", 1)
        drill = make_evidence(engagement=made, title="Fire drill", source="record", effective_on=date(2026, 3, 2))
        for piece, code in (
            (drill, "10.2"), (drill, "8.2"),
            (make_evidence(engagement=made, title="Photo", source="observation", retired_at=db.func.now()), "8.2"),
            (make_evidence(engagement=made, title="Worm", state="infected"), "8.2"),
        ):  # fmt: skip
            make_evidence_link(evidence=piece, assessment=assessment, requirement=code)
        _, fields = assemble("gap_report", made)
    assert fields["evidence"] == [
        {"number": "E-01", "text": "Fire drill", "method": "Record, 2 Mar 2026", "clauses": "8.2, 10.2"}
    ]


@pytest.mark.parametrize("kind", sorted(CHARTS))
def test_a_sample_draws_every_chart_of_its_kind_with_native_figures(kind):
    fields = sample(kind, "en")
    assert {key for key, chart in fields["charts"].items() if chart} == CHARTS[kind]
    document = parts(render((STARTERS / f"{kind}.docx").read_bytes(), fields))
    drawings = [cached(data) for name, data in sorted(document.items()) if name.startswith("word/charts/chart")]
    assert len(drawings) == len(CHARTS[kind]) == sum(name.endswith(".xlsx") for name in document)
    wanted = [
        [(one["name"], chart["categories"], [f"{value:g}" for value in one["values"]]) for one in chart["series"]]
        for chart in fields["charts"].values()
    ]
    assert sorted(map(str, drawings)) == sorted(map(str, wanted))
    for chart in fields["charts"].values():
        assert chart["alt"].replace("&", "&amp;").replace('"', "&quot;") in document["word/document.xml"].decode()


def test_sums_of_the_samples_are_sums_of_their_rows():
    for kind in ("gap_report", "pre_audit_report"):
        assert adds_up(sample(kind, "en")["findings_by_clause"])
    for kind in ("gap_report", "roadmap"):
        fields = sample(kind, "en")
        phases = fields["roadmap"]["phases"]
        assert fields["roadmap"]["task_count"] == sum(len(one["tasks"]) for one in phases)
        assert fields["charts"]["effort"]["series"][0]["values"] == [days(one["effort"]) for one in phases]
        assert days(fields["roadmap"]["effort"]) == sum(days(one["effort"]) for one in phases)
    calendar = sample("roadmap", "en")["roadmap"]["timeline"]
    for month, total in calendar["totals"]["months"].items():
        assert total == sum(row["months"][month]["due"] for row in calendar["rows"])


def test_french_figures_are_french(database_app):
    with practice(database_app):
        made, fields = gap_fields(language="fr")
        _, roadmap = assemble("roadmap", made, language="fr")
    printed = json.dumps(
        [
            fields["charts"],
            fields["legal"],
            fields["glossary"],
            fields["findings_by_clause"],
            roadmap["roadmap"]["timeline"],
        ],
        ensure_ascii=False,
    )
    assert fields["charts"]["readiness"]["categories"][0] == "4 Contexte"
    assert fields["results"]["radar_message"].startswith("La préparation est la plus faible dans")
    assert [word for word in (" ;", "Readiness", " duties", "Would", "OHSA", "Most ") if word in printed] == []
    assert "janv." in printed
    assert set(ASSEMBLE) >= set(CHARTS)
